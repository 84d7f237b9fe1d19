-- What a person has to look into: one row for each trouble of each object, from when it was seen first until it was seen to
-- be over. Times are milliseconds since the epoch.

CREATE TABLE alerts (
  -- What it is about: a transfer's id, a chain, or a chain and an address with a slash between.
  subject TEXT NOT NULL,
  -- `fenced`: it must not sign or end. `paused`: its signer waits for funds.
  kind TEXT NOT NULL CHECK (kind IN ('fenced', 'paused')),
  detail TEXT NOT NULL,
  raised_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL,
  -- NULL: it goes on.
  resolved_at INTEGER,
  PRIMARY KEY (subject, kind, raised_at)
) STRICT;

CREATE INDEX alerts_open ON alerts (subject, kind) WHERE resolved_at IS NULL;
