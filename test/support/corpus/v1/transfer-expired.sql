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
INSERT INTO wal (seq, at, by, records, digest) VALUES (1, 1795873374474, '{"key":"qq6djk5d3xfbem4m","role":"admin","source":"api"}', '[{"fingerprint":"e9c0ae9090bfa6469aa4d6ce888a2e86b905f207a17415b2081ed37a56b3b2c0","kind":"accepted","request":{"action":{"amount":"1008","to":"0x7Bf8c905fB22BD5f1a6c34C92C0F3F977085688e","type":"native"},"batch":"auto","chain":"eip155:31337","confirmations":null,"deadline":"2026-11-28T13:42:57.466Z","from":"0x12AA680D3BEAbaba3b69C59C60C9bA805f8bC853","max_fee_per_gas":null,"not_before":"2999-01-01T00:00:00.000Z","reference":null,"speed":"standard","tags":[],"visibility":"public"},"tenant":"dev","transfer":"tr_a3euagjyv6ss4wu26cidvpsjs2klq3ssuzojp5tw3fkzoop3gj4a"}]', '5374e7c4bc2caa2dc4ceeb0fc2cccf1fac5624cc14c64974410e8facc6169732');
INSERT INTO wal (seq, at, by, records, digest) VALUES (2, 1795873374533, '{"source":"queue"}', '[{"generation":0,"kind":"bound","signer":"0x12AA680D3BEAbaba3b69C59C60C9bA805f8bC853"}]', 'eb312fff5b94d9d085b53792cfb82c5c893bd7d1b988c305ad0047ae83f1e9e6');
INSERT INTO wal (seq, at, by, records, digest) VALUES (3, 1795873374578, '{"source":"signer","view":14}', '[{"kind":"held","reason":"not_before"}]', '5610cdce3e453c0bec807050b0809713d634f4d605d28f9c67a3f00623ed5093');
INSERT INTO wal (seq, at, by, records, digest) VALUES (4, 1795873377468, '{"source":"alarm"}', '[{"cause":"deadline","command":null,"kind":"withdraw_requested"}]', '58932b018f2225fe770372e4323ceb1a0b1f37187eaf8e343da045d96667791a');
INSERT INTO wal (seq, at, by, records, digest) VALUES (5, 1795873377472, '{"source":"queue"}', '[{"kind":"expired"}]', '5ce0ef2b592360d644847313ef71e9948790ebe44c9ac69feca7b1fc84a865fa');
INSERT INTO meta (id, schema_version, class, object, incarnation, sealed_seq, cursors) VALUES (1, 1, 'TransferObject', 'tr_a3euagjyv6ss4wu26cidvpsjs2klq3ssuzojp5tw3fkzoop3gj4a', 1, 0, '{"projection":5}');
CREATE TRIGGER wal_never_changes BEFORE UPDATE ON wal
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER wal_never_loses BEFORE DELETE ON wal WHEN OLD.seq > (SELECT sealed_seq FROM meta)
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
