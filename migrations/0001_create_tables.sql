-- Who may call, whose signers they are, and the read model of transfers. The truth about a transfer is in its object;
-- everything in `transfers` can be written again from there. Times are milliseconds since the epoch.

CREATE TABLE tenants (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE api_keys (
  id TEXT PRIMARY KEY,
  tenant TEXT NOT NULL REFERENCES tenants (id),
  -- SHA-256 of the whole key, lower-case hex: the key itself is shown once and stored nowhere.
  hash TEXT NOT NULL UNIQUE,
  role TEXT NOT NULL CHECK (role IN ('viewer', 'operator', 'admin')),
  tier TEXT NOT NULL DEFAULT 'standard',
  created_at INTEGER NOT NULL,
  revoked_at INTEGER
) STRICT;

-- One row per account: the primary key keeps an account from having two tenants.
CREATE TABLE signers (
  chain TEXT NOT NULL,
  address TEXT NOT NULL,
  tenant TEXT NOT NULL REFERENCES tenants (id),
  kind TEXT NOT NULL CHECK (kind IN ('plain', 'delegated')),
  created_at INTEGER NOT NULL,
  PRIMARY KEY (chain, address)
) STRICT;

CREATE INDEX signers_by_tenant ON signers (tenant, chain, address);

CREATE TABLE transfers (
  id TEXT PRIMARY KEY,
  tenant TEXT NOT NULL,
  chain TEXT NOT NULL,
  status TEXT NOT NULL,
  -- 1 when nothing is left to drive.
  is_final INTEGER NOT NULL,
  from_address TEXT NOT NULL,
  to_address TEXT NOT NULL,
  token TEXT,
  kind TEXT NOT NULL,
  reference TEXT,
  -- A row is replaced only by one that is at or past it in (incarnation, seq).
  incarnation INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  -- When the object means to wake by itself; far in the past means that its alarm was lost.
  next_wake_at INTEGER,
  -- The whole transfer as the API shows it.
  document TEXT NOT NULL
) STRICT;

CREATE INDEX transfers_newest ON transfers (tenant, created_at DESC, id DESC);
CREATE INDEX transfers_by_status ON transfers (tenant, status, created_at DESC, id DESC);
CREATE INDEX transfers_unfinished ON transfers (next_wake_at) WHERE is_final = 0;

-- Deliveries that were given up: kept with all that is needed to hand them in again.
CREATE TABLE parked_messages (
  id TEXT PRIMARY KEY,
  queue TEXT NOT NULL,
  body TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  parked_at INTEGER NOT NULL,
  replayed_at INTEGER
) STRICT;

CREATE TABLE reconciliation_reports (
  id INTEGER PRIMARY KEY,
  started_at INTEGER NOT NULL,
  finished_at INTEGER NOT NULL,
  -- Transfers that were compared with their object and with the chain.
  checked INTEGER NOT NULL,
  -- Rows of the read model that were behind their object and were written again.
  repaired INTEGER NOT NULL,
  -- Objects that were behind their signer or the chain and were driven on.
  driven INTEGER NOT NULL,
  -- Transfers that rest on a block which the chain does not know.
  off_chain INTEGER NOT NULL,
  -- Objects that did not answer.
  failed INTEGER NOT NULL,
  -- JSON: the ids behind the numbers, bounded.
  details TEXT NOT NULL,
  -- Where the next run goes on, when there were more transfers than one run compares.
  resume_after TEXT
) STRICT;
