CREATE TABLE wal (
  seq INTEGER PRIMARY KEY,
  v INTEGER NOT NULL,
  at INTEGER NOT NULL,
  by TEXT NOT NULL,
  count INTEGER NOT NULL,
  leaves TEXT NOT NULL,
  digest TEXT NOT NULL
) STRICT;
CREATE TABLE meta (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  schema_version INTEGER NOT NULL,
  class TEXT NOT NULL,
  object TEXT NOT NULL,
  incarnation INTEGER NOT NULL,
  head_seq INTEGER NOT NULL,
  head_digest TEXT NOT NULL,
  sealed_seq INTEGER NOT NULL,
  sealed_trail TEXT NOT NULL,
  digest TEXT NOT NULL,
  cursors TEXT NOT NULL,
  cursors_digest TEXT NOT NULL,
  repairs TEXT NOT NULL,
  repairs_digest TEXT NOT NULL
) STRICT;
INSERT INTO meta (id, schema_version, class, object, incarnation, head_seq, head_digest, sealed_seq, sealed_trail, digest, cursors, cursors_digest, repairs, repairs_digest) VALUES (1, 1, 'TransferObject', 'tr_a3euagjyv6ss4wu26cidvpsjs2klq3ssuzojp5tw3fkzoop3gj4a', 1, 5, '5ee6c001a8683fc38f2418f5e104df9a6b926568f1c893bbf910b46658fa78f8', 0, '[{"number":0,"digest":"702cbed66fd30f45b83e83b0c9c48a2fdf1f5738bf6d0b6f61445e6961270ee2"}]', '771d2efc76daac2419e8e7f5d18c3c4097ec6f395d394fdc6573aa22a864f4d7', '{"projection":5}', '8b9896c9cd666a5661de4b5b16eb6387bcd1930cc51946d9f848852a962d5186', '[]', '4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945');
INSERT INTO wal (seq, v, at, by, count, leaves, digest) VALUES (1, 1, 1795873374474, '{"key":"qq6djk5d3xfbem4m","role":"admin","source":"api"}', 1, '[{"fingerprint":"e9c0ae9090bfa6469aa4d6ce888a2e86b905f207a17415b2081ed37a56b3b2c0","kind":"accepted","request":{"action":{"amount":"1008","to":"0x7Bf8c905fB22BD5f1a6c34C92C0F3F977085688e","type":"native"},"batch":"auto","chain":"eip155:31337","confirmations":null,"deadline":"2026-11-28T13:42:57.466Z","from":"0x12AA680D3BEAbaba3b69C59C60C9bA805f8bC853","max_fee_per_gas":null,"not_before":"2999-01-01T00:00:00.000Z","reference":null,"speed":"standard","tags":[],"visibility":"public"},"tenant":"dev","transfer":"tr_a3euagjyv6ss4wu26cidvpsjs2klq3ssuzojp5tw3fkzoop3gj4a"}]', '6fadb72126efd63d8017686ab4c20506f84f20c2ea53ee1d72b2cc9054719f6a');
INSERT INTO wal (seq, v, at, by, count, leaves, digest) VALUES (2, 1, 1795873374533, '{"source":"queue"}', 1, '[{"generation":0,"kind":"bound","signer":"0x12AA680D3BEAbaba3b69C59C60C9bA805f8bC853"}]', '6b1053b1c6fde47c5def1c9f2e4c5e67ffa47ed72e492ff554c05d74b433dbb9');
INSERT INTO wal (seq, v, at, by, count, leaves, digest) VALUES (3, 1, 1795873374578, '{"source":"signer","view":14}', 1, '[{"kind":"held","reason":"not_before"}]', 'e256cca6a0530426c4cd0dce39e02fd22be761d241fbbd3d60a7d0c37fe94cbd');
INSERT INTO wal (seq, v, at, by, count, leaves, digest) VALUES (4, 1, 1795873377468, '{"source":"alarm"}', 1, '[{"cause":"deadline","command":null,"kind":"withdraw_requested"}]', 'c2261fb6d9b6756f4706ab088f577df4531b8e1c8018273b5867cc27478aed97');
INSERT INTO wal (seq, v, at, by, count, leaves, digest) VALUES (5, 1, 1795873377472, '{"source":"queue"}', 1, '[{"kind":"expired"}]', '5ee6c001a8683fc38f2418f5e104df9a6b926568f1c893bbf910b46658fa78f8');
CREATE TRIGGER wal_never_changes BEFORE UPDATE ON wal
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER wal_never_loses BEFORE DELETE ON wal WHEN OLD.seq > (SELECT sealed_seq FROM meta)
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
