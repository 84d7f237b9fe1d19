-- The index of the archive: which pack in R2 holds which groups of which log. All of it can be written again from the packs.

CREATE TABLE archive_packs (
  key TEXT PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('transfer_tail', 'standing_tail', 'sealed')),
  bytes INTEGER NOT NULL,
  parts INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  -- When it was last found to hold something that is in no sealed pack.
  looked_at INTEGER NOT NULL
) STRICT;

CREATE INDEX archive_packs_of_tails ON archive_packs (looked_at) WHERE kind <> 'sealed';

-- Where each part lies: the bytes of its frame in the pack, and its own in the frame's text.
CREATE TABLE archive_parts (
  class TEXT NOT NULL,
  object TEXT NOT NULL,
  last_seq INTEGER NOT NULL,
  first_seq INTEGER NOT NULL,
  pack TEXT NOT NULL,
  incarnation INTEGER NOT NULL,
  is_sealed INTEGER NOT NULL,
  frame_offset INTEGER NOT NULL,
  frame_length INTEGER NOT NULL,
  frame_sha256 TEXT NOT NULL,
  start INTEGER NOT NULL,
  length INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  PRIMARY KEY (class, object, last_seq, first_seq, pack)
) STRICT;

CREATE INDEX archive_parts_by_pack ON archive_parts (pack);

-- How much of each log the archive has: up to which seq at all, and up to which in packs that stay.
CREATE TABLE archive_logs (
  class TEXT NOT NULL,
  object TEXT NOT NULL,
  tenant TEXT,
  incarnation INTEGER NOT NULL,
  archived_seq INTEGER NOT NULL,
  sealed_seq INTEGER NOT NULL,
  -- When the archive last heard of it, or asked.
  looked_at INTEGER NOT NULL,
  PRIMARY KEY (class, object)
) STRICT;

CREATE INDEX archive_logs_by_tenant ON archive_logs (tenant, class, object);
-- Transfers whose logs are not sealed yet: those that nobody hears of for long are asked.
CREATE INDEX archive_logs_open ON archive_logs (looked_at)
  WHERE class = 'TransferObject' AND sealed_seq < archived_seq;
