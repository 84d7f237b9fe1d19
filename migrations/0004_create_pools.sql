-- Pools: names that signers carry. A pool is the signers of one tenant on one chain with the same name. Whose it is, is said by
-- `signers` alone, so no pool can have two tenants. Times are milliseconds since the epoch.

CREATE TABLE pool_members (
  chain TEXT NOT NULL,
  address TEXT NOT NULL,
  -- As in `from: "pool:NAME"`.
  pool TEXT NOT NULL CHECK (length(pool) BETWEEN 1 AND 64 AND pool NOT GLOB '*[^a-z0-9_-]*'),
  created_at INTEGER NOT NULL,
  PRIMARY KEY (chain, address, pool),
  FOREIGN KEY (chain, address) REFERENCES signers (chain, address)
) STRICT;

CREATE INDEX pool_members_by_pool ON pool_members (chain, pool, address);
