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
INSERT INTO meta (id, schema_version, class, object, incarnation, head_seq, head_digest, sealed_seq, sealed_trail, digest, cursors, cursors_digest, repairs, repairs_digest) VALUES (1, 1, 'TransferObject', 'tr_wqib5qjdv4mp4iulkipsralg73tjnmjkren5dx7xpvvddosug7pa', 1, 4, '7d8208fce8f81b50138393f2e7a8026f87a0843423d9ef7b0d69b410cfb39b59', 0, '[{"number":0,"digest":"95ac43d242f60dbc1d947c05261d8a608f13345f43d39daf8806369b0d0c0f34"}]', '24e93af0be6953907c11658f8f60355fbc06a405229c15049f3a77c95c3a9bc9', '{}', '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a', '[]', '4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945');
INSERT INTO wal (seq, v, at, by, count, leaves, digest) VALUES (1, 1, 1795873379020, '{"key":"qq6djk5d3xfbem4m","role":"admin","source":"api"}', 1, '[{"fingerprint":"8af8291e505a63590c1e4d883ddf4cbacb7de8cdcc25878d5b67356d98c05b3f","kind":"accepted","request":{"action":{"amount":"1013","to":"0xAF3bda8FC907d6b0d878Aa0bBB4a6957E074E826","token":"0x700b6A60ce7EaaEA56F065753d8dcB9653dbAD35","type":"erc20"},"batch":"auto","chain":"eip155:31337","confirmations":null,"deadline":null,"from":"0x4aD4197dC034c4c12D28dD83bEa05c5a1DeBE3D6","max_fee_per_gas":null,"not_before":null,"reference":null,"speed":"standard","tags":[],"visibility":"public"},"tenant":"dev","transfer":"tr_wqib5qjdv4mp4iulkipsralg73tjnmjkren5dx7xpvvddosug7pa"}]', 'a9dd34356c7f4819429507a146ba83aacec3729f5e759417356ec7c38eec17f2');
INSERT INTO wal (seq, v, at, by, count, leaves, digest) VALUES (2, 1, 1795873379079, '{"source":"queue"}', 1, '[{"generation":0,"kind":"bound","signer":"0x4aD4197dC034c4c12D28dD83bEa05c5a1DeBE3D6"}]', '24e7a922498989cba7acfa38b362759c1d8b7c057193d44a377558d3e60e7176');
INSERT INTO wal (seq, v, at, by, count, leaves, digest) VALUES (4, 1, 1795873379123, '{"source":"signer","view":13}', 2, '[{"attempt":{"gas_limit":"61714","hash":"0xa5ba7944451e1f4cd07904da4af6366f4a0c9c5064779a95939f0f241935edd4","index":0,"max_fee_per_gas":"1605586358","max_priority_fee_per_gas":"1000000000"},"kind":"signed","nonce":1},{"hash":"0xa5ba7944451e1f4cd07904da4af6366f4a0c9c5064779a95939f0f241935edd4","kind":"broadcast"}]', '7d8208fce8f81b50138393f2e7a8026f87a0843423d9ef7b0d69b410cfb39b59');
CREATE TRIGGER wal_never_changes BEFORE UPDATE ON wal
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER wal_never_loses BEFORE DELETE ON wal WHEN OLD.seq > (SELECT sealed_seq FROM meta)
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
