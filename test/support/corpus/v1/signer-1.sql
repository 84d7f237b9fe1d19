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
INSERT INTO meta (id, schema_version, class, object, incarnation, head_seq, head_digest, sealed_seq, sealed_trail, digest, cursors, cursors_digest, repairs, repairs_digest) VALUES (1, 1, 'SignerObject', 'eip155:31337/0x4ad4197dc034c4c12d28dd83bea05c5a1debe3d6', 1, 13, '27582f8abdfc514ee91b483c92e42f69f239a413e921bd0b716eae0808f668a5', 0, '[{"number":0,"digest":"37bb63edcd2f409e9910d1d60b678bc529942f655ab425375396f8db1d168243"}]', '7968df34ac17c404fd51de6cff84097843507e4f3812f908d2454482b950a729', '{"transfers":13}', '1fc64a9ed42b6245279a608543cc869fae77863435595ee29e1dd15f03f60f02', '[]', '4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945');
INSERT INTO wal (seq, v, at, by, count, leaves, digest) VALUES (1, 1, 1795873374198, '{"source":"queue"}', 1, '[{"address":"0x4aD4197dC034c4c12D28dD83bEa05c5a1DeBE3D6","chain":"eip155:31337","kind":"opened","tenant":"dev"}]', '0f09f8ed690c2553f526743b3d36e49095e515602b5dfa12a98e532ea0583d97');
INSERT INTO wal (seq, v, at, by, count, leaves, digest) VALUES (2, 1, 1795873374198, '{"source":"queue"}', 1, '[{"action":{"amount":"1003","to":"0x9B81b79778CD70804668DF1ecFb5737335ede70C","token":"0x700b6A60ce7EaaEA56F065753d8dcB9653dbAD35","type":"erc20"},"key":{"generation":0,"step":0,"transfer":"tr_i37ejjjhrdjhha3fb2oamm4gvt5yhkz6kamewhrmaqdgnxwiq2tq"},"kind":"admitted","max_fee_per_gas":null,"not_before":null}]', '536aa1aa8aa04ae71c8d1d25f8f59aef1dc0f8308826bee069e4a5657fbcee9c');
INSERT INTO wal (seq, v, at, by, count, leaves, digest) VALUES (4, 1, 1795873374269, '{"source":"queue"}', 2, '[{"kind":"adopted","nonce":0},{"gas_limit":"61714","key":{"generation":0,"step":0,"transfer":"tr_i37ejjjhrdjhha3fb2oamm4gvt5yhkz6kamewhrmaqdgnxwiq2tq"},"kind":"reserved","max_fee_per_gas":"2179875932","max_priority_fee_per_gas":"1000000000","nonce":0}]', '3646dad4d35ce34796897ad4e9dfab8331c2e9804f284b5183700f81e3b464f6');
INSERT INTO wal (seq, v, at, by, count, leaves, digest) VALUES (5, 1, 1795873374272, '{"source":"queue"}', 1, '[{"attempt":{"gas_limit":"61714","hash":"0xff186e1d573fa256ecd7446bf7a1dc06346f2811e7eec1fe9b4cd2ac6101a6c9","index":0,"max_fee_per_gas":"2179875932","max_priority_fee_per_gas":"1000000000"},"kind":"signed","nonce":0,"raw":"0x02f8b1827a6980843b9aca008481ee445c82f11294700b6a60ce7eaaea56f065753d8dcb9653dbad3580b844a9059cbb0000000000000000000000009b81b79778cd70804668df1ecfb5737335ede70c00000000000000000000000000000000000000000000000000000000000003ebc001a0ad567faa45c399b8c998f8223688d1c178ef3b2f95cb7dbfc19a9b2e890b3aa6a07bdd40418e58d807f7416efafd35b63a3b987fa6e34c649b44b730e437209740","steps":[{"generation":0,"step":0,"transfer":"tr_i37ejjjhrdjhha3fb2oamm4gvt5yhkz6kamewhrmaqdgnxwiq2tq"}]}]', '5c3baddf644eca2df0471ee5935da14d7f96a9a934cad19a7dbff460e5291d96');
INSERT INTO wal (seq, v, at, by, count, leaves, digest) VALUES (6, 1, 1795873374283, '{"source":"queue"}', 1, '[{"class":"accepted","detail":null,"endpoint":"north-1","hash":"0xff186e1d573fa256ecd7446bf7a1dc06346f2811e7eec1fe9b4cd2ac6101a6c9","kind":"sent","nonce":0}]', '6238a6cb306f65217f450ce1aa88db0778e41482d6514996827ae00a34115749');
INSERT INTO wal (seq, v, at, by, count, leaves, digest) VALUES (7, 1, 1795873374615, '{"source":"chain"}', 1, '[{"inclusion":{"block_hash":"0xcb94a8c3d219ec1b0ebd6627bcfbef5ab71502d72959626ae335e65edded72f4","block_number":5,"delivered_amount":"1003","fee_paid":"81768919653414","gas_used":"51429","hash":"0xff186e1d573fa256ecd7446bf7a1dc06346f2811e7eec1fe9b4cd2ac6101a6c9","outcome":"success"},"kind":"mined","nonce":0,"view":6}]', '928be4e4095ab6cb06c4cc25e63a7ece0e9b31aefcd169bcff5fb18884e6a5b8');
INSERT INTO wal (seq, v, at, by, count, leaves, digest) VALUES (8, 1, 1795873378605, '{"source":"chain"}', 1, '[{"inclusion":{"block_hash":"0xcb94a8c3d219ec1b0ebd6627bcfbef5ab71502d72959626ae335e65edded72f4","block_number":5,"delivered_amount":"1003","fee_paid":"81768919653414","gas_used":"51429","hash":"0xff186e1d573fa256ecd7446bf7a1dc06346f2811e7eec1fe9b4cd2ac6101a6c9","outcome":"success"},"kind":"finalized","nonce":0,"view":12}]', 'dc1a58ce5d14dd83b88187bafd6df4ff476b33ba7d3e3cb6e44fbf3824fff7e9');
INSERT INTO wal (seq, v, at, by, count, leaves, digest) VALUES (9, 1, 1795873378651, '{"source":"transfer"}', 1, '[{"keys":[{"generation":0,"step":0,"transfer":"tr_i37ejjjhrdjhha3fb2oamm4gvt5yhkz6kamewhrmaqdgnxwiq2tq"}],"kind":"acknowledged"}]', 'feb68fb2d565e1801228fd19d9b34ccba3355136478d2b67b5bea26e32e7d0ba');
INSERT INTO wal (seq, v, at, by, count, leaves, digest) VALUES (10, 1, 1795873379081, '{"source":"queue"}', 1, '[{"action":{"amount":"1013","to":"0xAF3bda8FC907d6b0d878Aa0bBB4a6957E074E826","token":"0x700b6A60ce7EaaEA56F065753d8dcB9653dbAD35","type":"erc20"},"key":{"generation":0,"step":0,"transfer":"tr_wqib5qjdv4mp4iulkipsralg73tjnmjkren5dx7xpvvddosug7pa"},"kind":"admitted","max_fee_per_gas":null,"not_before":null}]', 'c48b9f9ac101efad30f0d483f22539c875d13b517c2770ec566ad8f058ea2e7c');
INSERT INTO wal (seq, v, at, by, count, leaves, digest) VALUES (11, 1, 1795873379097, '{"source":"queue"}', 1, '[{"gas_limit":"61714","key":{"generation":0,"step":0,"transfer":"tr_wqib5qjdv4mp4iulkipsralg73tjnmjkren5dx7xpvvddosug7pa"},"kind":"reserved","max_fee_per_gas":"1605586358","max_priority_fee_per_gas":"1000000000","nonce":1}]', 'bbbdb561d5de14a4ae9212775f74216ea2f0161667db4543835dfad874428e30');
INSERT INTO wal (seq, v, at, by, count, leaves, digest) VALUES (12, 1, 1795873379099, '{"source":"queue"}', 1, '[{"attempt":{"gas_limit":"61714","hash":"0xa5ba7944451e1f4cd07904da4af6366f4a0c9c5064779a95939f0f241935edd4","index":0,"max_fee_per_gas":"1605586358","max_priority_fee_per_gas":"1000000000"},"kind":"signed","nonce":1,"raw":"0x02f8b1827a6901843b9aca00845fb34db682f11294700b6a60ce7eaaea56f065753d8dcb9653dbad3580b844a9059cbb000000000000000000000000af3bda8fc907d6b0d878aa0bbb4a6957e074e82600000000000000000000000000000000000000000000000000000000000003f5c080a091ec3b634950083754451c6de254d0c72fdd674d92cc38cb0a6384f14c32594da063296e103bbffabd50e4ef6eb5ad9f4ce131df6f319a30a43c6f5db60a063a5e","steps":[{"generation":0,"step":0,"transfer":"tr_wqib5qjdv4mp4iulkipsralg73tjnmjkren5dx7xpvvddosug7pa"}]}]', '2c55c577deeb76b586824924aa03acb091bf63ae55acd16d204260f6cfce2205');
INSERT INTO wal (seq, v, at, by, count, leaves, digest) VALUES (13, 1, 1795873379103, '{"source":"queue"}', 1, '[{"class":"accepted","detail":null,"endpoint":"north-1","hash":"0xa5ba7944451e1f4cd07904da4af6366f4a0c9c5064779a95939f0f241935edd4","kind":"sent","nonce":1}]', '27582f8abdfc514ee91b483c92e42f69f239a413e921bd0b716eae0808f668a5');
CREATE TRIGGER wal_never_changes BEFORE UPDATE ON wal
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER wal_never_loses BEFORE DELETE ON wal WHEN OLD.seq > (SELECT sealed_seq FROM meta)
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
