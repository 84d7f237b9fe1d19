CREATE TABLE wal (
  seq INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  by TEXT NOT NULL,
  records TEXT NOT NULL,
  digest TEXT NOT NULL
) STRICT;
CREATE TABLE meta (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  schema_version INTEGER NOT NULL,
  class TEXT NOT NULL,
  object TEXT NOT NULL,
  incarnation INTEGER NOT NULL,
  sealed_seq INTEGER NOT NULL,
  cursors TEXT NOT NULL
) STRICT;
INSERT INTO wal (seq, at, by, records, digest) VALUES (1, 1795873378759, '{"key":"qq6djk5d3xfbem4m","role":"admin","source":"api"}', '[{"fingerprint":"cfd1f3b46a306d00ad9d78e404cb53058e244eb5e6cc38933f54959428965041","kind":"accepted","request":{"action":{"amount":"1000000000000000000000000000000","to":"0x2222222222222222222222222222222222222222","type":"native"},"batch":"auto","chain":"eip155:31337","confirmations":null,"deadline":null,"from":"0x12AA680D3BEAbaba3b69C59C60C9bA805f8bC853","max_fee_per_gas":null,"not_before":null,"reference":null,"speed":"standard","tags":[],"visibility":"public"},"tenant":"dev","transfer":"tr_wfj2j4iwaay7dl7lpqkciiww2stlhe6apgczesifu3om6cemtkva"}]', '0651514072f0cefa3d67359a4aad7e1e49006ca6a32ffee89da8db0e04cf1f97');
INSERT INTO wal (seq, at, by, records, digest) VALUES (2, 1795873378817, '{"source":"queue"}', '[{"generation":0,"kind":"bound","signer":"0x12AA680D3BEAbaba3b69C59C60C9bA805f8bC853"}]', '4989f7636ff7686086751fb186f89889e30594d630f3c58697fd672bdbbb6dbf');
INSERT INTO wal (seq, at, by, records, digest) VALUES (3, 1795873378861, '{"source":"signer","view":21}', '[{"kind":"held","reason":"funds"}]', 'e4f215db8c25b6a240119f0703e18908fba7be1070f8cc443163f752108a1704');
INSERT INTO meta (id, schema_version, class, object, incarnation, sealed_seq, cursors) VALUES (1, 1, 'TransferObject', 'tr_wfj2j4iwaay7dl7lpqkciiww2stlhe6apgczesifu3om6cemtkva', 1, 0, '{}');
CREATE TRIGGER wal_never_changes BEFORE UPDATE ON wal
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER wal_never_loses BEFORE DELETE ON wal WHEN OLD.seq > (SELECT sealed_seq FROM meta)
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
