-- What each transfer that was included paid for gas, and what others would have paid on the same blocks: written once, when it is
-- final, by cron. Only the report of fees reads it.

CREATE TABLE transfer_fees (
  transfer TEXT PRIMARY KEY,
  tenant TEXT NOT NULL,
  chain TEXT NOT NULL,
  -- When the transfer ended.
  ended_at INTEGER NOT NULL,
  kind TEXT NOT NULL,
  hash TEXT NOT NULL,
  -- Decimal: they may be above what an integer holds.
  gas_used TEXT NOT NULL,
  fee_paid TEXT NOT NULL,
  -- JSON, prices in wei per unit of gas; null where the chain's object did not know the blocks any more.
  baseline TEXT
) STRICT;

CREATE INDEX transfer_fees_by_tenant ON transfer_fees (tenant, ended_at DESC, transfer DESC);
CREATE INDEX transfer_fees_newest ON transfer_fees (ended_at);
-- What cron looks for.
CREATE INDEX transfers_ended ON transfers (updated_at) WHERE is_final = 1;
