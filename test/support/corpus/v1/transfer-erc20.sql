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
INSERT INTO wal (seq, at, by, records, digest) VALUES (1, 1795873374123, '{"key":"qq6djk5d3xfbem4m","role":"admin","source":"api"}', '[{"fingerprint":"4e18cc59d4fdc9d75fd7c840604bcb81aad404dc6cb1669bf3e65d0ffbaf6b56","kind":"accepted","request":{"action":{"amount":"1003","to":"0x9B81b79778CD70804668DF1ecFb5737335ede70C","token":"0x700b6A60ce7EaaEA56F065753d8dcB9653dbAD35","type":"erc20"},"batch":"auto","chain":"eip155:31337","confirmations":null,"deadline":null,"from":"0x4aD4197dC034c4c12D28dD83bEa05c5a1DeBE3D6","max_fee_per_gas":null,"not_before":null,"reference":null,"speed":"standard","tags":[],"visibility":"public"},"tenant":"dev","transfer":"tr_i37ejjjhrdjhha3fb2oamm4gvt5yhkz6kamewhrmaqdgnxwiq2tq"}]', '5ea075eedbf0cc642f8463cbdf91157d53149333cc7fe41fb82d8e52789dc267');
INSERT INTO wal (seq, at, by, records, digest) VALUES (2, 1795873374166, '{"source":"queue"}', '[{"generation":0,"kind":"bound","signer":"0x4aD4197dC034c4c12D28dD83bEa05c5a1DeBE3D6"}]', 'ebb5b02f8a6e92fac781c1b0565b4e9f084c3ea122a0e5323c50007fb473e3b7');
INSERT INTO wal (seq, at, by, records, digest) VALUES (3, 1795873374246, '{"source":"signer","view":2}', '[{"kind":"queued"}]', 'fd545a1a9f6165d10b24887dfba6467f588586ea5f03a7655a676dbcc3ebd92b');
INSERT INTO wal (seq, at, by, records, digest) VALUES (5, 1795873374330, '{"source":"signer","view":6}', '[{"attempt":{"gas_limit":"61714","hash":"0xff186e1d573fa256ecd7446bf7a1dc06346f2811e7eec1fe9b4cd2ac6101a6c9","index":0,"max_fee_per_gas":"2179875932","max_priority_fee_per_gas":"1000000000"},"kind":"signed","nonce":0},{"hash":"0xff186e1d573fa256ecd7446bf7a1dc06346f2811e7eec1fe9b4cd2ac6101a6c9","kind":"broadcast"}]', '5abfcc4969ae8538738fa633211a21fafbd91c16864f4143ab466656d1432f2b');
INSERT INTO wal (seq, at, by, records, digest) VALUES (7, 1795873374657, '{"source":"signer","view":7}', '[{"inclusion":{"block_hash":"0xcb94a8c3d219ec1b0ebd6627bcfbef5ab71502d72959626ae335e65edded72f4","block_number":5,"delivered_amount":"1003","fee_paid":"81768919653414","gas_used":"51429","hash":"0xff186e1d573fa256ecd7446bf7a1dc06346f2811e7eec1fe9b4cd2ac6101a6c9","outcome":"success"},"kind":"mined"},{"confirmations":1,"kind":"confirmed"}]', '6f458b4edc32f9613d6f8d3c026e8b8a7d26d9e8e4b6d1ff3930db2e41f4e807');
INSERT INTO wal (seq, at, by, records, digest) VALUES (8, 1795873378648, '{"source":"signer","view":8}', '[{"inclusion":{"block_hash":"0xcb94a8c3d219ec1b0ebd6627bcfbef5ab71502d72959626ae335e65edded72f4","block_number":5,"delivered_amount":"1003","fee_paid":"81768919653414","gas_used":"51429","hash":"0xff186e1d573fa256ecd7446bf7a1dc06346f2811e7eec1fe9b4cd2ac6101a6c9","outcome":"success"},"kind":"finalized"}]', 'db6af9ef26d59c6a0cc898f59c8f255590c2fee931efab693468ed205f06a377');
INSERT INTO meta (id, schema_version, class, object, incarnation, sealed_seq, cursors) VALUES (1, 1, 'TransferObject', 'tr_i37ejjjhrdjhha3fb2oamm4gvt5yhkz6kamewhrmaqdgnxwiq2tq', 1, 0, '{"projection":8}');
CREATE TRIGGER wal_never_changes BEFORE UPDATE ON wal
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER wal_never_loses BEFORE DELETE ON wal WHEN OLD.seq > (SELECT sealed_seq FROM meta)
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
