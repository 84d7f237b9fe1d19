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
INSERT INTO meta (id, schema_version, class, object, incarnation, head_seq, head_digest, sealed_seq, sealed_trail, digest, cursors, cursors_digest, repairs, repairs_digest) VALUES (1, 1, 'TransferObject', 'tr_wfj2j4iwaay7dl7lpqkciiww2stlhe6apgczesifu3om6cemtkva', 1, 3, '4ff43f1ef659476e15303def6e2cc5413459781b345f1a14972c1eecc60abb4a', 0, '[{"number":0,"digest":"3ded9af28803d8442a674dae1c14d9925eb121282a659911559b3abc3d57d17d"}]', 'af0ab5e7d7234b77d6b6bc062313ba03a2adc61d4c19ca37af1d15ca7a732f23', '{}', '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a', '[]', '4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945');
INSERT INTO wal (seq, v, at, by, count, leaves, digest) VALUES (1, 1, 1795873378759, '{"key":"qq6djk5d3xfbem4m","role":"admin","source":"api"}', 1, '[{"fingerprint":"cfd1f3b46a306d00ad9d78e404cb53058e244eb5e6cc38933f54959428965041","kind":"accepted","request":{"action":{"amount":"1000000000000000000000000000000","to":"0x2222222222222222222222222222222222222222","type":"native"},"batch":"auto","chain":"eip155:31337","confirmations":null,"deadline":null,"from":"0x12AA680D3BEAbaba3b69C59C60C9bA805f8bC853","max_fee_per_gas":null,"not_before":null,"reference":null,"speed":"standard","tags":[],"visibility":"public"},"tenant":"dev","transfer":"tr_wfj2j4iwaay7dl7lpqkciiww2stlhe6apgczesifu3om6cemtkva"}]', 'f76e07b1849a8bd16451a1e1ae8906f80a5f879b6c9d17fd71b6a050270d1261');
INSERT INTO wal (seq, v, at, by, count, leaves, digest) VALUES (2, 1, 1795873378817, '{"source":"queue"}', 1, '[{"generation":0,"kind":"bound","signer":"0x12AA680D3BEAbaba3b69C59C60C9bA805f8bC853"}]', '32d48bdfd297db12b5a475064459869995a5e0f7b15436e2f0395a2dc8891121');
INSERT INTO wal (seq, v, at, by, count, leaves, digest) VALUES (3, 1, 1795873378861, '{"source":"signer","view":21}', 1, '[{"kind":"held","reason":"funds"}]', '4ff43f1ef659476e15303def6e2cc5413459781b345f1a14972c1eecc60abb4a');
CREATE TRIGGER wal_never_changes BEFORE UPDATE ON wal
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER wal_never_loses BEFORE DELETE ON wal WHEN OLD.seq > (SELECT sealed_seq FROM meta)
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
