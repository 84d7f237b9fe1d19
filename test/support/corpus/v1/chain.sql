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
INSERT INTO wal (seq, at, by, records, digest) VALUES (1, 1795873374017, '{"source":"queue"}', '[{"chain":"eip155:31337","kind":"opened"}]', '7efe0f1f33b4a2313451c8a0e899fa68d3e598ebe635ff867cb6fbc7099a9343');
INSERT INTO wal (seq, at, by, records, digest) VALUES (2, 1795873374050, '{"source":"chain"}', '[{"genesis":"0x5cf1b3470b2ee7d4a1e8256419db64b499b33b6d9b5747ea1d4a91ac6aba02e2","kind":"identified"}]', 'aace5602d49ca332d055f7323f0030605bf0ffc66d78a2efc7d2af1ce02237e6');
INSERT INTO wal (seq, at, by, records, digest) VALUES (3, 1795873374219, '{"source":"chain"}', '[{"block":{"hash":"0x54f609d092afa8d1e3c59df0d0c100b87064a01acb826f245eb09891ca7836f0","number":4,"parent_hash":"0x4bb6ebf78adc68dce00a5afcaff2cbe74e4af24db97aa8400debf6fd1d5054ee"},"kind":"started"}]', '6515d6476ecf0d5e74bacf1479701172aade9e55436abb2d4c1c39d04dc6b4d4');
INSERT INTO wal (seq, at, by, records, digest) VALUES (4, 1795873374219, '{"source":"queue"}', '[{"address":"0x4aD4197dC034c4c12D28dD83bEa05c5a1DeBE3D6","kind":"watched","tenant":"dev"}]', '6c603b380da3afef08239e3b99421accd16511e7e2bf8f629e3ad20da254cff0');
INSERT INTO wal (seq, at, by, records, digest) VALUES (5, 1795873374224, '{"source":"queue"}', '[{"address":"0x12AA680D3BEAbaba3b69C59C60C9bA805f8bC853","kind":"watched","tenant":"dev"}]', '970d5427abbdc3a5ac9c600da78cff5e6a756dc6e3c3ac552b80dee02efb9a85');
INSERT INTO wal (seq, at, by, records, digest) VALUES (6, 1795873374612, '{"source":"chain"}', '[{"added":[{"hash":"0xcb94a8c3d219ec1b0ebd6627bcfbef5ab71502d72959626ae335e65edded72f4","number":5,"parent_hash":"0x54f609d092afa8d1e3c59df0d0c100b87064a01acb826f245eb09891ca7836f0"}],"kind":"advanced","matches":[{"address":"0x12AA680D3BEAbaba3b69C59C60C9bA805f8bC853","inclusion":{"nonce":0,"receipt":{"block_hash":"0xcb94a8c3d219ec1b0ebd6627bcfbef5ab71502d72959626ae335e65edded72f4","block_number":5,"effective_gas_price":"1589937966","gas_used":"21000","hash":"0x3ac7c51afdbd0dcc42c60418cf9c534e2caca46e8de857c37ea7c7badae81ee7","logs":[],"status":"success"},"to":"0x56ba4fF8C32732a0A25fac975c3eC072D4a7fb91","value":"1000"}},{"address":"0x4aD4197dC034c4c12D28dD83bEa05c5a1DeBE3D6","inclusion":{"nonce":0,"receipt":{"block_hash":"0xcb94a8c3d219ec1b0ebd6627bcfbef5ab71502d72959626ae335e65edded72f4","block_number":5,"effective_gas_price":"1589937966","gas_used":"51429","hash":"0xff186e1d573fa256ecd7446bf7a1dc06346f2811e7eec1fe9b4cd2ac6101a6c9","logs":[{"address":"0x700b6A60ce7EaaEA56F065753d8dcB9653dbAD35","data":"0x00000000000000000000000000000000000000000000000000000000000003eb","topics":["0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef","0x0000000000000000000000004ad4197dc034c4c12d28dd83bea05c5a1debe3d6","0x0000000000000000000000009b81b79778cd70804668df1ecfb5737335ede70c"]}],"status":"success"},"to":"0x700b6A60ce7EaaEA56F065753d8dcB9653dbAD35","value":"0"}}],"removed":[]}]', '5e44ad0a7a1a003b9b990c0eaec35bca120bd2f30dd06f1625fc66bb882ba870');
INSERT INTO wal (seq, at, by, records, digest) VALUES (7, 1795873375591, '{"source":"chain"}', '[{"added":[{"hash":"0xb4101b00f7792c1e6c977996ea32f1e4157b8fab6c86e9f5aaa2fd7b93af6bc0","number":6,"parent_hash":"0xcb94a8c3d219ec1b0ebd6627bcfbef5ab71502d72959626ae335e65edded72f4"}],"kind":"advanced","matches":[],"removed":[]}]', '0c91d4b4b61c142b928469883146fabfab44256c5696eb0c3f3516828277c691');
INSERT INTO wal (seq, at, by, records, digest) VALUES (8, 1795873376593, '{"source":"chain"}', '[{"added":[{"hash":"0x8aaa3a68d944b41d69a4635d1844a975229373764397580bd0907db2b8ec4869","number":7,"parent_hash":"0xb4101b00f7792c1e6c977996ea32f1e4157b8fab6c86e9f5aaa2fd7b93af6bc0"}],"kind":"advanced","matches":[],"removed":[]}]', 'a5bfbd260b07606b0bfc757cc56992d9b22382dec242732f123f7a76ba823a6d');
INSERT INTO wal (seq, at, by, records, digest) VALUES (9, 1795873377593, '{"source":"chain"}', '[{"added":[{"hash":"0x192f5b0e4c4c4ee496c751d4c671a406e15de085030ee26ae450c32e7f0361a7","number":8,"parent_hash":"0x8aaa3a68d944b41d69a4635d1844a975229373764397580bd0907db2b8ec4869"}],"kind":"advanced","matches":[],"removed":[]}]', 'c1c4b446cbd61d10833d990a0c221b2dca661d071d17917ef0a6bae145316f27');
INSERT INTO wal (seq, at, by, records, digest) VALUES (10, 1795873377610, '{"source":"chain"}', '[{"block":{"hash":"0x54f609d092afa8d1e3c59df0d0c100b87064a01acb826f245eb09891ca7836f0","number":4},"kind":"finalized"}]', 'adfbc0fb6b364dda76e7815969a671c68f2728f3a5fb470c3df75a4698ce6ec3');
INSERT INTO wal (seq, at, by, records, digest) VALUES (11, 1795873378592, '{"source":"chain"}', '[{"added":[{"hash":"0x591728576dc751ec29c83d1d067586070abeefd43746a28640babab6bdda4895","number":9,"parent_hash":"0x192f5b0e4c4c4ee496c751d4c671a406e15de085030ee26ae450c32e7f0361a7"}],"kind":"advanced","matches":[],"removed":[]}]', '51c6c687ee4ea4523d8913258ba4d77d3d26df59f38c1a30cc8ff613adbfeed7');
INSERT INTO wal (seq, at, by, records, digest) VALUES (12, 1795873378601, '{"source":"chain"}', '[{"block":{"hash":"0xcb94a8c3d219ec1b0ebd6627bcfbef5ab71502d72959626ae335e65edded72f4","number":5},"kind":"finalized"}]', 'f32c1d0daaab82b9daaf9a61a9e6841f4b5db2d578dc6a01d99e5a3ccdc5048b');
INSERT INTO wal (seq, at, by, records, digest) VALUES (14, 1795873378606, '{"source":"chain"}', '[{"address":"0x12AA680D3BEAbaba3b69C59C60C9bA805f8bC853","below":1,"kind":"settled"},{"address":"0x12AA680D3BEAbaba3b69C59C60C9bA805f8bC853","kind":"unwatched"}]', '6d20a5fff9a0559c76e02e287ee29a59e3ac4286540171f2037f7d4e111c91f9');
INSERT INTO wal (seq, at, by, records, digest) VALUES (16, 1795873378607, '{"source":"chain"}', '[{"address":"0x4aD4197dC034c4c12D28dD83bEa05c5a1DeBE3D6","below":1,"kind":"settled"},{"address":"0x4aD4197dC034c4c12D28dD83bEa05c5a1DeBE3D6","kind":"unwatched"}]', '244f1438dac78b22f5d68d6e6ee36dccaf99df200792f51e1010825490191cf9');
INSERT INTO wal (seq, at, by, records, digest) VALUES (17, 1795873378830, '{"source":"chain"}', '[{"block":{"hash":"0x591728576dc751ec29c83d1d067586070abeefd43746a28640babab6bdda4895","number":9,"parent_hash":"0x192f5b0e4c4c4ee496c751d4c671a406e15de085030ee26ae450c32e7f0361a7"},"kind":"started"}]', '7ff85fd722b99fab366f7eab166cd376736d13b72976960ec7e2c526d049f0c9');
INSERT INTO wal (seq, at, by, records, digest) VALUES (18, 1795873378830, '{"source":"queue"}', '[{"address":"0x12AA680D3BEAbaba3b69C59C60C9bA805f8bC853","kind":"watched","tenant":"dev"}]', '3a2264818be9e5ce24ad3cd0c4c530be19865951be4333cf41a5680e6a8496f5');
INSERT INTO wal (seq, at, by, records, digest) VALUES (19, 1795873379083, '{"source":"queue"}', '[{"address":"0x4aD4197dC034c4c12D28dD83bEa05c5a1DeBE3D6","kind":"watched","tenant":"dev"}]', '354b297b51b44f6c8f5b9cebabdae9ce15f8d9d867b5057cc42935d8ea79aff3');
INSERT INTO meta (id, schema_version, class, object, incarnation, sealed_seq, cursors) VALUES (1, 1, 'ChainObject', 'eip155:31337', 1, 0, '{}');
CREATE TRIGGER wal_never_changes BEFORE UPDATE ON wal
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER wal_never_loses BEFORE DELETE ON wal WHEN OLD.seq > (SELECT sealed_seq FROM meta)
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
