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
INSERT INTO wal (seq, at, by, records, digest) VALUES (1, 1795873374198, '{"source":"queue"}', '[{"address":"0x4aD4197dC034c4c12D28dD83bEa05c5a1DeBE3D6","chain":"eip155:31337","kind":"opened","tenant":"dev"}]', '99cdb89a24a5c8a0d626c8b8a6f6efe865283b7a78e890f697a697c4167eef36');
INSERT INTO wal (seq, at, by, records, digest) VALUES (2, 1795873374198, '{"source":"queue"}', '[{"action":{"amount":"1003","to":"0x9B81b79778CD70804668DF1ecFb5737335ede70C","token":"0x700b6A60ce7EaaEA56F065753d8dcB9653dbAD35","type":"erc20"},"key":{"generation":0,"step":0,"transfer":"tr_i37ejjjhrdjhha3fb2oamm4gvt5yhkz6kamewhrmaqdgnxwiq2tq"},"kind":"admitted","max_fee_per_gas":null,"not_before":null}]', '772e237bb91e71e3a13ce5d4a8c62f3ee91603d29da0dc1f84c458c77915f558');
INSERT INTO wal (seq, at, by, records, digest) VALUES (4, 1795873374269, '{"source":"queue"}', '[{"kind":"adopted","nonce":0},{"gas_limit":"61714","key":{"generation":0,"step":0,"transfer":"tr_i37ejjjhrdjhha3fb2oamm4gvt5yhkz6kamewhrmaqdgnxwiq2tq"},"kind":"reserved","max_fee_per_gas":"2179875932","max_priority_fee_per_gas":"1000000000","nonce":0}]', 'bbcb483112ad2e7df35db22c8bbffd7d99e4773ecf997dd095e0e3d42873a684');
INSERT INTO wal (seq, at, by, records, digest) VALUES (5, 1795873374272, '{"source":"queue"}', '[{"attempt":{"gas_limit":"61714","hash":"0xff186e1d573fa256ecd7446bf7a1dc06346f2811e7eec1fe9b4cd2ac6101a6c9","index":0,"max_fee_per_gas":"2179875932","max_priority_fee_per_gas":"1000000000"},"kind":"signed","nonce":0,"raw":"0x02f8b1827a6980843b9aca008481ee445c82f11294700b6a60ce7eaaea56f065753d8dcb9653dbad3580b844a9059cbb0000000000000000000000009b81b79778cd70804668df1ecfb5737335ede70c00000000000000000000000000000000000000000000000000000000000003ebc001a0ad567faa45c399b8c998f8223688d1c178ef3b2f95cb7dbfc19a9b2e890b3aa6a07bdd40418e58d807f7416efafd35b63a3b987fa6e34c649b44b730e437209740","steps":[{"generation":0,"step":0,"transfer":"tr_i37ejjjhrdjhha3fb2oamm4gvt5yhkz6kamewhrmaqdgnxwiq2tq"}]}]', 'ec85aeae5e7f014616b715d720d1a24545ae341dca347d86b0210f93c04d3bf1');
INSERT INTO wal (seq, at, by, records, digest) VALUES (6, 1795873374283, '{"source":"queue"}', '[{"class":"accepted","detail":null,"endpoint":"north-1","hash":"0xff186e1d573fa256ecd7446bf7a1dc06346f2811e7eec1fe9b4cd2ac6101a6c9","kind":"sent","nonce":0}]', '6b5d0c07d1a1ac6ca302a2ba55682c5850afbeb24f457ae451aed6bd8a814a00');
INSERT INTO wal (seq, at, by, records, digest) VALUES (7, 1795873374615, '{"source":"chain"}', '[{"inclusion":{"block_hash":"0xcb94a8c3d219ec1b0ebd6627bcfbef5ab71502d72959626ae335e65edded72f4","block_number":5,"delivered_amount":"1003","fee_paid":"81768919653414","gas_used":"51429","hash":"0xff186e1d573fa256ecd7446bf7a1dc06346f2811e7eec1fe9b4cd2ac6101a6c9","outcome":"success"},"kind":"mined","nonce":0,"view":6}]', 'b43ec1d98c236892dab1194cbaf151e14e498569b0f227330baaeab9f0996f3d');
INSERT INTO wal (seq, at, by, records, digest) VALUES (8, 1795873378605, '{"source":"chain"}', '[{"inclusion":{"block_hash":"0xcb94a8c3d219ec1b0ebd6627bcfbef5ab71502d72959626ae335e65edded72f4","block_number":5,"delivered_amount":"1003","fee_paid":"81768919653414","gas_used":"51429","hash":"0xff186e1d573fa256ecd7446bf7a1dc06346f2811e7eec1fe9b4cd2ac6101a6c9","outcome":"success"},"kind":"finalized","nonce":0,"view":12}]', 'c1904b67be145a703d79a6d9122cd4edf4cf7b83e4bf35cd7de1160505d558a5');
INSERT INTO wal (seq, at, by, records, digest) VALUES (9, 1795873378651, '{"source":"transfer"}', '[{"keys":[{"generation":0,"step":0,"transfer":"tr_i37ejjjhrdjhha3fb2oamm4gvt5yhkz6kamewhrmaqdgnxwiq2tq"}],"kind":"acknowledged"}]', '9f545745f1c019fbf57812073081d530afadf66f7295fe69d53def34b35ad013');
INSERT INTO wal (seq, at, by, records, digest) VALUES (10, 1795873379081, '{"source":"queue"}', '[{"action":{"amount":"1013","to":"0xAF3bda8FC907d6b0d878Aa0bBB4a6957E074E826","token":"0x700b6A60ce7EaaEA56F065753d8dcB9653dbAD35","type":"erc20"},"key":{"generation":0,"step":0,"transfer":"tr_wqib5qjdv4mp4iulkipsralg73tjnmjkren5dx7xpvvddosug7pa"},"kind":"admitted","max_fee_per_gas":null,"not_before":null}]', 'f470612bd76c555f698fb4a8bc3832d62cccf62c70dd58b0eeeaa68666f3c2b9');
INSERT INTO wal (seq, at, by, records, digest) VALUES (11, 1795873379097, '{"source":"queue"}', '[{"gas_limit":"61714","key":{"generation":0,"step":0,"transfer":"tr_wqib5qjdv4mp4iulkipsralg73tjnmjkren5dx7xpvvddosug7pa"},"kind":"reserved","max_fee_per_gas":"1605586358","max_priority_fee_per_gas":"1000000000","nonce":1}]', 'ccc41bb986c8f2f6caa14ee926755c7a81d5d35f1f3ec2dca9d2a6bdb92ead32');
INSERT INTO wal (seq, at, by, records, digest) VALUES (12, 1795873379099, '{"source":"queue"}', '[{"attempt":{"gas_limit":"61714","hash":"0xa5ba7944451e1f4cd07904da4af6366f4a0c9c5064779a95939f0f241935edd4","index":0,"max_fee_per_gas":"1605586358","max_priority_fee_per_gas":"1000000000"},"kind":"signed","nonce":1,"raw":"0x02f8b1827a6901843b9aca00845fb34db682f11294700b6a60ce7eaaea56f065753d8dcb9653dbad3580b844a9059cbb000000000000000000000000af3bda8fc907d6b0d878aa0bbb4a6957e074e82600000000000000000000000000000000000000000000000000000000000003f5c080a091ec3b634950083754451c6de254d0c72fdd674d92cc38cb0a6384f14c32594da063296e103bbffabd50e4ef6eb5ad9f4ce131df6f319a30a43c6f5db60a063a5e","steps":[{"generation":0,"step":0,"transfer":"tr_wqib5qjdv4mp4iulkipsralg73tjnmjkren5dx7xpvvddosug7pa"}]}]', '58f414015fb89278a3819b33b6c7107a9012a824af328320462b672307460a67');
INSERT INTO wal (seq, at, by, records, digest) VALUES (13, 1795873379103, '{"source":"queue"}', '[{"class":"accepted","detail":null,"endpoint":"north-1","hash":"0xa5ba7944451e1f4cd07904da4af6366f4a0c9c5064779a95939f0f241935edd4","kind":"sent","nonce":1}]', 'ca95f5f079b2a02972e49b722fdcf61ec5af03f127acfd53d1849b34c6fab646');
INSERT INTO meta (id, schema_version, class, object, incarnation, sealed_seq, cursors) VALUES (1, 1, 'SignerObject', 'eip155:31337/0x4ad4197dc034c4c12d28dd83bea05c5a1debe3d6', 1, 0, '{"transfers":13}');
CREATE TRIGGER wal_never_changes BEFORE UPDATE ON wal
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER wal_never_loses BEFORE DELETE ON wal WHEN OLD.seq > (SELECT sealed_seq FROM meta)
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
