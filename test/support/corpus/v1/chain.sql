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
INSERT INTO meta (id, schema_version, class, object, incarnation, head_seq, head_digest, sealed_seq, sealed_trail, digest, cursors, cursors_digest, repairs, repairs_digest) VALUES (1, 1, 'ChainObject', 'eip155:31337', 1, 19, '81c85904c13882c99a42b880ee34fdb1e46e9a7136e14a7f7955f1fada367999', 0, '[{"number":0,"digest":"0ea4e816c7ee0da187d32ec9398ba3634693f0b7ee88660c73aea095c752a463"}]', '502e8517b80bf22edf9acf29e0882de4af2696a1debf5df7f2b2bc892aa9e3a0', '{}', '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a', '[]', '4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945');
INSERT INTO wal (seq, v, at, by, count, leaves, digest) VALUES (1, 1, 1795873374017, '{"source":"queue"}', 1, '[{"chain":"eip155:31337","kind":"opened"}]', '75b6c5841932734c77b27efb30f8a41811e43719272c36a10a2d1da2a245c232');
INSERT INTO wal (seq, v, at, by, count, leaves, digest) VALUES (2, 1, 1795873374050, '{"source":"chain"}', 1, '[{"genesis":"0x5cf1b3470b2ee7d4a1e8256419db64b499b33b6d9b5747ea1d4a91ac6aba02e2","kind":"identified"}]', 'b9a3724418792a138f0740fef31277b9588aee3310444e516b2f8a29bb45b3f1');
INSERT INTO wal (seq, v, at, by, count, leaves, digest) VALUES (3, 1, 1795873374219, '{"source":"chain"}', 1, '[{"block":{"hash":"0x54f609d092afa8d1e3c59df0d0c100b87064a01acb826f245eb09891ca7836f0","number":4,"parent_hash":"0x4bb6ebf78adc68dce00a5afcaff2cbe74e4af24db97aa8400debf6fd1d5054ee"},"kind":"started"}]', '51bc97e15ffa49aaf3a7dbfd275f9ec5b94de1eca5a251e56bff1e0c5477acca');
INSERT INTO wal (seq, v, at, by, count, leaves, digest) VALUES (4, 1, 1795873374219, '{"source":"queue"}', 1, '[{"address":"0x4aD4197dC034c4c12D28dD83bEa05c5a1DeBE3D6","kind":"watched","tenant":"dev"}]', 'b77b9affef185b74b6c653a3f661133e49248ba2ba9fc7836feed5df6d0768fe');
INSERT INTO wal (seq, v, at, by, count, leaves, digest) VALUES (5, 1, 1795873374224, '{"source":"queue"}', 1, '[{"address":"0x12AA680D3BEAbaba3b69C59C60C9bA805f8bC853","kind":"watched","tenant":"dev"}]', 'd56e6cbf52fe74f1d1e4a6b78d264601b41d7cbd85641b912269a9dcde3e75cb');
INSERT INTO wal (seq, v, at, by, count, leaves, digest) VALUES (6, 1, 1795873374612, '{"source":"chain"}', 1, '[{"added":[{"hash":"0xcb94a8c3d219ec1b0ebd6627bcfbef5ab71502d72959626ae335e65edded72f4","number":5,"parent_hash":"0x54f609d092afa8d1e3c59df0d0c100b87064a01acb826f245eb09891ca7836f0"}],"kind":"advanced","matches":[{"address":"0x12AA680D3BEAbaba3b69C59C60C9bA805f8bC853","inclusion":{"nonce":0,"receipt":{"block_hash":"0xcb94a8c3d219ec1b0ebd6627bcfbef5ab71502d72959626ae335e65edded72f4","block_number":5,"effective_gas_price":"1589937966","gas_used":"21000","hash":"0x3ac7c51afdbd0dcc42c60418cf9c534e2caca46e8de857c37ea7c7badae81ee7","logs":[],"status":"success"},"to":"0x56ba4fF8C32732a0A25fac975c3eC072D4a7fb91","value":"1000"}},{"address":"0x4aD4197dC034c4c12D28dD83bEa05c5a1DeBE3D6","inclusion":{"nonce":0,"receipt":{"block_hash":"0xcb94a8c3d219ec1b0ebd6627bcfbef5ab71502d72959626ae335e65edded72f4","block_number":5,"effective_gas_price":"1589937966","gas_used":"51429","hash":"0xff186e1d573fa256ecd7446bf7a1dc06346f2811e7eec1fe9b4cd2ac6101a6c9","logs":[{"address":"0x700b6A60ce7EaaEA56F065753d8dcB9653dbAD35","data":"0x00000000000000000000000000000000000000000000000000000000000003eb","topics":["0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef","0x0000000000000000000000004ad4197dc034c4c12d28dd83bea05c5a1debe3d6","0x0000000000000000000000009b81b79778cd70804668df1ecfb5737335ede70c"]}],"status":"success"},"to":"0x700b6A60ce7EaaEA56F065753d8dcB9653dbAD35","value":"0"}}],"removed":[]}]', '2831239792eaa1183faab552abf682d98546dc067bfc214074ce62f5459a2d09');
INSERT INTO wal (seq, v, at, by, count, leaves, digest) VALUES (7, 1, 1795873375591, '{"source":"chain"}', 1, '[{"added":[{"hash":"0xb4101b00f7792c1e6c977996ea32f1e4157b8fab6c86e9f5aaa2fd7b93af6bc0","number":6,"parent_hash":"0xcb94a8c3d219ec1b0ebd6627bcfbef5ab71502d72959626ae335e65edded72f4"}],"kind":"advanced","matches":[],"removed":[]}]', '82be5a308dfa450606b5144ab0c645eaa2d300d49154aab767f77c2bfb945e38');
INSERT INTO wal (seq, v, at, by, count, leaves, digest) VALUES (8, 1, 1795873376593, '{"source":"chain"}', 1, '[{"added":[{"hash":"0x8aaa3a68d944b41d69a4635d1844a975229373764397580bd0907db2b8ec4869","number":7,"parent_hash":"0xb4101b00f7792c1e6c977996ea32f1e4157b8fab6c86e9f5aaa2fd7b93af6bc0"}],"kind":"advanced","matches":[],"removed":[]}]', '4e97282d1b5754b9dcda1abed07060a311dad420f937cbacf244f26b6abba47c');
INSERT INTO wal (seq, v, at, by, count, leaves, digest) VALUES (9, 1, 1795873377593, '{"source":"chain"}', 1, '[{"added":[{"hash":"0x192f5b0e4c4c4ee496c751d4c671a406e15de085030ee26ae450c32e7f0361a7","number":8,"parent_hash":"0x8aaa3a68d944b41d69a4635d1844a975229373764397580bd0907db2b8ec4869"}],"kind":"advanced","matches":[],"removed":[]}]', '6d880e2a7743a68820b5ea8176cee519085ae6223b92d26da729fd86d0acedef');
INSERT INTO wal (seq, v, at, by, count, leaves, digest) VALUES (10, 1, 1795873377610, '{"source":"chain"}', 1, '[{"block":{"hash":"0x54f609d092afa8d1e3c59df0d0c100b87064a01acb826f245eb09891ca7836f0","number":4},"kind":"finalized"}]', 'ff4349ae64b9915a02f77f1d3bfd24df332ce29b8a583413fa52035c2d1532a9');
INSERT INTO wal (seq, v, at, by, count, leaves, digest) VALUES (11, 1, 1795873378592, '{"source":"chain"}', 1, '[{"added":[{"hash":"0x591728576dc751ec29c83d1d067586070abeefd43746a28640babab6bdda4895","number":9,"parent_hash":"0x192f5b0e4c4c4ee496c751d4c671a406e15de085030ee26ae450c32e7f0361a7"}],"kind":"advanced","matches":[],"removed":[]}]', '381e2483f75c385c29e4ef9993a60921515f01ce149b968ae144af0a68fbeaf1');
INSERT INTO wal (seq, v, at, by, count, leaves, digest) VALUES (12, 1, 1795873378601, '{"source":"chain"}', 1, '[{"block":{"hash":"0xcb94a8c3d219ec1b0ebd6627bcfbef5ab71502d72959626ae335e65edded72f4","number":5},"kind":"finalized"}]', 'ec004f3422b95be8e88ecbb9b14c91150c45223e15775f43cb511fade4ef4353');
INSERT INTO wal (seq, v, at, by, count, leaves, digest) VALUES (14, 1, 1795873378606, '{"source":"chain"}', 2, '[{"address":"0x12AA680D3BEAbaba3b69C59C60C9bA805f8bC853","below":1,"kind":"settled"},{"address":"0x12AA680D3BEAbaba3b69C59C60C9bA805f8bC853","kind":"unwatched"}]', '566d70e31698b9fe050030441d09640ffac3a8a2c83716226e604910b494f61f');
INSERT INTO wal (seq, v, at, by, count, leaves, digest) VALUES (16, 1, 1795873378607, '{"source":"chain"}', 2, '[{"address":"0x4aD4197dC034c4c12D28dD83bEa05c5a1DeBE3D6","below":1,"kind":"settled"},{"address":"0x4aD4197dC034c4c12D28dD83bEa05c5a1DeBE3D6","kind":"unwatched"}]', 'abae5b9e239141b9e168b2bdd774e2f7c0b26425f7191b0537c8dd71ba8aecf3');
INSERT INTO wal (seq, v, at, by, count, leaves, digest) VALUES (17, 1, 1795873378830, '{"source":"chain"}', 1, '[{"block":{"hash":"0x591728576dc751ec29c83d1d067586070abeefd43746a28640babab6bdda4895","number":9,"parent_hash":"0x192f5b0e4c4c4ee496c751d4c671a406e15de085030ee26ae450c32e7f0361a7"},"kind":"started"}]', '23cba157ea84bb54f6a71bb8c4a94ab45b994e8790ed4f5d9da83fdd10671c73');
INSERT INTO wal (seq, v, at, by, count, leaves, digest) VALUES (18, 1, 1795873378830, '{"source":"queue"}', 1, '[{"address":"0x12AA680D3BEAbaba3b69C59C60C9bA805f8bC853","kind":"watched","tenant":"dev"}]', 'c50b40006e3aa7e4f6c24bb4e49db55c5c539e219e7f60717282656270ae2c28');
INSERT INTO wal (seq, v, at, by, count, leaves, digest) VALUES (19, 1, 1795873379083, '{"source":"queue"}', 1, '[{"address":"0x4aD4197dC034c4c12D28dD83bEa05c5a1DeBE3D6","kind":"watched","tenant":"dev"}]', '81c85904c13882c99a42b880ee34fdb1e46e9a7136e14a7f7955f1fada367999');
CREATE TRIGGER wal_never_changes BEFORE UPDATE ON wal
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER wal_never_loses BEFORE DELETE ON wal WHEN OLD.seq > (SELECT sealed_seq FROM meta)
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
