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
INSERT INTO wal (seq, at, by, records, digest) VALUES (1, 1795873374142, '{"key":"qq6djk5d3xfbem4m","role":"admin","source":"api"}', '[{"fingerprint":"07182298024d585e57508e9bc7082394cddd5641795c56535ad799420ace5822","kind":"accepted","request":{"action":{"amount":"1004","to":"0xE68c95660931D3D28602983FbcA8B8B8cf5A5bbe","type":"native"},"batch":"auto","chain":"eip155:31337","confirmations":null,"deadline":null,"from":"0x12AA680D3BEAbaba3b69C59C60C9bA805f8bC853","max_fee_per_gas":null,"not_before":"2999-01-01T00:00:00.000Z","reference":null,"speed":"standard","tags":[],"visibility":"public"},"tenant":"dev","transfer":"tr_u5ndy4wjrxc7fkbi2mbgischkrko7t2ij2oraaif3cswiuzzd3ra"}]', '2c8030a0090beb8947476f4cf5ab92129c3939537867aca33fb2998e1996d44b');
INSERT INTO wal (seq, at, by, records, digest) VALUES (2, 1795873374167, '{"source":"queue"}', '[{"generation":0,"kind":"bound","signer":"0x12AA680D3BEAbaba3b69C59C60C9bA805f8bC853"}]', 'bbb8237615aaef61cbaa5304427e7ef542649c282ca12211a554df4b4d0d1041');
INSERT INTO wal (seq, at, by, records, digest) VALUES (3, 1795873374239, '{"source":"signer","view":4}', '[{"kind":"held","reason":"not_before"}]', 'c7922e4a80600788786f392ba1f16b61473b4bb14417186c7de84e52799f9978');
INSERT INTO meta (id, schema_version, class, object, incarnation, sealed_seq, cursors) VALUES (1, 1, 'TransferObject', 'tr_u5ndy4wjrxc7fkbi2mbgischkrko7t2ij2oraaif3cswiuzzd3ra', 1, 0, '{}');
CREATE TRIGGER wal_never_changes BEFORE UPDATE ON wal
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER wal_never_loses BEFORE DELETE ON wal WHEN OLD.seq > (SELECT sealed_seq FROM meta)
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
