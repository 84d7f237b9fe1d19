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
INSERT INTO wal (seq, at, by, records, digest) VALUES (1, 1795873379020, '{"key":"qq6djk5d3xfbem4m","role":"admin","source":"api"}', '[{"fingerprint":"8af8291e505a63590c1e4d883ddf4cbacb7de8cdcc25878d5b67356d98c05b3f","kind":"accepted","request":{"action":{"amount":"1013","to":"0xAF3bda8FC907d6b0d878Aa0bBB4a6957E074E826","token":"0x700b6A60ce7EaaEA56F065753d8dcB9653dbAD35","type":"erc20"},"batch":"auto","chain":"eip155:31337","confirmations":null,"deadline":null,"from":"0x4aD4197dC034c4c12D28dD83bEa05c5a1DeBE3D6","max_fee_per_gas":null,"not_before":null,"reference":null,"speed":"standard","tags":[],"visibility":"public"},"tenant":"dev","transfer":"tr_wqib5qjdv4mp4iulkipsralg73tjnmjkren5dx7xpvvddosug7pa"}]', 'ed1caab7c80554cae71eba9380047278432ede634d1bb3e30336d2a8e5b4192d');
INSERT INTO wal (seq, at, by, records, digest) VALUES (2, 1795873379079, '{"source":"queue"}', '[{"generation":0,"kind":"bound","signer":"0x4aD4197dC034c4c12D28dD83bEa05c5a1DeBE3D6"}]', 'd219c3f84d6b4c088ef0d80b0630aecbabc7d2d4852ddc1d7e47924a16b0a5d9');
INSERT INTO wal (seq, at, by, records, digest) VALUES (4, 1795873379123, '{"source":"signer","view":13}', '[{"attempt":{"gas_limit":"61714","hash":"0xa5ba7944451e1f4cd07904da4af6366f4a0c9c5064779a95939f0f241935edd4","index":0,"max_fee_per_gas":"1605586358","max_priority_fee_per_gas":"1000000000"},"kind":"signed","nonce":1},{"hash":"0xa5ba7944451e1f4cd07904da4af6366f4a0c9c5064779a95939f0f241935edd4","kind":"broadcast"}]', 'ef4befcf97c65a93ad9d8c051050ebdaca66771cd24168bff1c1f9c2d9668174');
INSERT INTO meta (id, schema_version, class, object, incarnation, sealed_seq, cursors) VALUES (1, 1, 'TransferObject', 'tr_wqib5qjdv4mp4iulkipsralg73tjnmjkren5dx7xpvvddosug7pa', 1, 0, '{}');
CREATE TRIGGER wal_never_changes BEFORE UPDATE ON wal
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER wal_never_loses BEFORE DELETE ON wal WHEN OLD.seq > (SELECT sealed_seq FROM meta)
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
