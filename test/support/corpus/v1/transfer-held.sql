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
INSERT INTO meta (id, schema_version, class, object, incarnation, head_seq, head_digest, sealed_seq, sealed_trail, digest, cursors, cursors_digest, repairs, repairs_digest) VALUES (1, 1, 'TransferObject', 'tr_u5ndy4wjrxc7fkbi2mbgischkrko7t2ij2oraaif3cswiuzzd3ra', 1, 3, '9050d4852d5f1988d24ceb9ed85b343fedf8165290aa855784c124914c4db8de', 0, '[{"number":0,"digest":"64ecee8dbeea3917cf2c41b73609a580aea2481ad9a7ee09fd38a9e18c7cc2fa"}]', '7ca6b49eff57663bd040c304b001f1080c022a82c8736a810741beac56152b3c', '{}', '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a', '[]', '4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945');
INSERT INTO wal (seq, v, at, by, count, leaves, digest) VALUES (1, 1, 1795873374142, '{"key":"qq6djk5d3xfbem4m","role":"admin","source":"api"}', 1, '[{"fingerprint":"07182298024d585e57508e9bc7082394cddd5641795c56535ad799420ace5822","kind":"accepted","request":{"action":{"amount":"1004","to":"0xE68c95660931D3D28602983FbcA8B8B8cf5A5bbe","type":"native"},"batch":"auto","chain":"eip155:31337","confirmations":null,"deadline":null,"from":"0x12AA680D3BEAbaba3b69C59C60C9bA805f8bC853","max_fee_per_gas":null,"not_before":"2999-01-01T00:00:00.000Z","reference":null,"speed":"standard","tags":[],"visibility":"public"},"tenant":"dev","transfer":"tr_u5ndy4wjrxc7fkbi2mbgischkrko7t2ij2oraaif3cswiuzzd3ra"}]', 'ed19fa7fc654dd73dfda5b9ba84912220f38dfd9b267a3b050517769c4ef8860');
INSERT INTO wal (seq, v, at, by, count, leaves, digest) VALUES (2, 1, 1795873374167, '{"source":"queue"}', 1, '[{"generation":0,"kind":"bound","signer":"0x12AA680D3BEAbaba3b69C59C60C9bA805f8bC853"}]', 'afcd59cdca1c933959d89d2112ec88944dad0faedfa98ad1c6af55d44557c93a');
INSERT INTO wal (seq, v, at, by, count, leaves, digest) VALUES (3, 1, 1795873374239, '{"source":"signer","view":4}', 1, '[{"kind":"held","reason":"not_before"}]', '9050d4852d5f1988d24ceb9ed85b343fedf8165290aa855784c124914c4db8de');
CREATE TRIGGER wal_never_changes BEFORE UPDATE ON wal
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER wal_never_loses BEFORE DELETE ON wal WHEN OLD.seq > (SELECT sealed_seq FROM meta)
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
