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
INSERT INTO meta (id, schema_version, class, object, incarnation, head_seq, head_digest, sealed_seq, sealed_trail, digest, cursors, cursors_digest, repairs, repairs_digest) VALUES (1, 1, 'TransferObject', 'tr_i37ejjjhrdjhha3fb2oamm4gvt5yhkz6kamewhrmaqdgnxwiq2tq', 1, 8, 'd5b070302c59b46c8f9ba08064c3f198107ec0b8fcbd2445ef8353cb95bb9b4e', 0, '[{"number":0,"digest":"5d0abfb756914eb4ac3d2050a4234c729df186ff279139f3661f0f80e5ab19aa"}]', '5529a0962e803ec7fcc936218f2998843625797263cad09997a7bf753e1d3e8b', '{"projection":8}', '4e4c7af8eb53c2ea4b7373c7ff947372a1eea624ddfb1d16ab63f44b70500933', '[]', '4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945');
INSERT INTO wal (seq, v, at, by, count, leaves, digest) VALUES (1, 1, 1795873374123, '{"key":"qq6djk5d3xfbem4m","role":"admin","source":"api"}', 1, '[{"fingerprint":"4e18cc59d4fdc9d75fd7c840604bcb81aad404dc6cb1669bf3e65d0ffbaf6b56","kind":"accepted","request":{"action":{"amount":"1003","to":"0x9B81b79778CD70804668DF1ecFb5737335ede70C","token":"0x700b6A60ce7EaaEA56F065753d8dcB9653dbAD35","type":"erc20"},"batch":"auto","chain":"eip155:31337","confirmations":null,"deadline":null,"from":"0x4aD4197dC034c4c12D28dD83bEa05c5a1DeBE3D6","max_fee_per_gas":null,"not_before":null,"reference":null,"speed":"standard","tags":[],"visibility":"public"},"tenant":"dev","transfer":"tr_i37ejjjhrdjhha3fb2oamm4gvt5yhkz6kamewhrmaqdgnxwiq2tq"}]', '3e399f5917d78351b61743f3ea77449b79fbd07fb6837b15b7d91b1c0a523ab4');
INSERT INTO wal (seq, v, at, by, count, leaves, digest) VALUES (2, 1, 1795873374166, '{"source":"queue"}', 1, '[{"generation":0,"kind":"bound","signer":"0x4aD4197dC034c4c12D28dD83bEa05c5a1DeBE3D6"}]', '67f5d8db2a65b5e05042cf06f15ae33b5956d349ba2df5a5784e8b3077ee3734');
INSERT INTO wal (seq, v, at, by, count, leaves, digest) VALUES (3, 1, 1795873374246, '{"source":"signer","view":2}', 1, '[{"kind":"queued"}]', '8169f4d7b04e11f3d6ce3d503745a84f3e01ca8a1a3e388293c38d3832e8cc4c');
INSERT INTO wal (seq, v, at, by, count, leaves, digest) VALUES (5, 1, 1795873374330, '{"source":"signer","view":6}', 2, '[{"attempt":{"gas_limit":"61714","hash":"0xff186e1d573fa256ecd7446bf7a1dc06346f2811e7eec1fe9b4cd2ac6101a6c9","index":0,"max_fee_per_gas":"2179875932","max_priority_fee_per_gas":"1000000000"},"kind":"signed","nonce":0},{"hash":"0xff186e1d573fa256ecd7446bf7a1dc06346f2811e7eec1fe9b4cd2ac6101a6c9","kind":"broadcast"}]', '2482687e91e6cf8a17cb77404e1b3caf774cae5158aa1be9bac58c515317adb1');
INSERT INTO wal (seq, v, at, by, count, leaves, digest) VALUES (7, 1, 1795873374657, '{"source":"signer","view":7}', 2, '[{"inclusion":{"block_hash":"0xcb94a8c3d219ec1b0ebd6627bcfbef5ab71502d72959626ae335e65edded72f4","block_number":5,"delivered_amount":"1003","fee_paid":"81768919653414","gas_used":"51429","hash":"0xff186e1d573fa256ecd7446bf7a1dc06346f2811e7eec1fe9b4cd2ac6101a6c9","outcome":"success"},"kind":"mined"},{"confirmations":1,"kind":"confirmed"}]', '8b27ebb4341e145c74546c492a5c1dc5e5f7a4007058a1aca78cf785363fe7c0');
INSERT INTO wal (seq, v, at, by, count, leaves, digest) VALUES (8, 1, 1795873378648, '{"source":"signer","view":8}', 1, '[{"inclusion":{"block_hash":"0xcb94a8c3d219ec1b0ebd6627bcfbef5ab71502d72959626ae335e65edded72f4","block_number":5,"delivered_amount":"1003","fee_paid":"81768919653414","gas_used":"51429","hash":"0xff186e1d573fa256ecd7446bf7a1dc06346f2811e7eec1fe9b4cd2ac6101a6c9","outcome":"success"},"kind":"finalized"}]', 'd5b070302c59b46c8f9ba08064c3f198107ec0b8fcbd2445ef8353cb95bb9b4e');
CREATE TRIGGER wal_never_changes BEFORE UPDATE ON wal
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER wal_never_loses BEFORE DELETE ON wal WHEN OLD.seq > (SELECT sealed_seq FROM meta)
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
