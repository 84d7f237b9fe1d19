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
INSERT INTO wal (seq, at, by, records, digest) VALUES (1, 1795873374089, '{"key":"qq6djk5d3xfbem4m","role":"admin","source":"api"}', '[{"fingerprint":"6eafc2cf66434a9c7e1fbf38dee6e954e1fd07439f32d89233a9f2abe6201357","kind":"accepted","request":{"action":{"amount":"1000","to":"0x56ba4fF8C32732a0A25fac975c3eC072D4a7fb91","type":"native"},"batch":"auto","chain":"eip155:31337","confirmations":null,"deadline":null,"from":"0x12AA680D3BEAbaba3b69C59C60C9bA805f8bC853","max_fee_per_gas":null,"not_before":null,"reference":null,"speed":"standard","tags":[],"visibility":"public"},"tenant":"dev","transfer":"tr_6lhizh5gbcdduatkfajd6tvvo6ru7d4v5ioqo2wdm6fmfkzgj73a"}]', '03259e8b84dc81dfca245c968fd7a9d041dc55e92714b8055c4cd16cbfda0f67');
INSERT INTO wal (seq, at, by, records, digest) VALUES (2, 1795873374165, '{"source":"queue"}', '[{"generation":0,"kind":"bound","signer":"0x12AA680D3BEAbaba3b69C59C60C9bA805f8bC853"}]', '978810a76850ccef6b97bd71b85f61294d685324569239f22bebc33e946c4ccc');
INSERT INTO wal (seq, at, by, records, digest) VALUES (3, 1795873374239, '{"source":"signer","view":4}', '[{"kind":"queued"}]', '899ec87acf4bca2461f9da5a631e9f92949089c3758688019b3ec0c809f925a6');
INSERT INTO wal (seq, at, by, records, digest) VALUES (5, 1795873374323, '{"source":"signer","view":8}', '[{"attempt":{"gas_limit":"21000","hash":"0x3ac7c51afdbd0dcc42c60418cf9c534e2caca46e8de857c37ea7c7badae81ee7","index":0,"max_fee_per_gas":"2179875932","max_priority_fee_per_gas":"1000000000"},"kind":"signed","nonce":0},{"hash":"0x3ac7c51afdbd0dcc42c60418cf9c534e2caca46e8de857c37ea7c7badae81ee7","kind":"broadcast"}]', '97f39688723c8731f59ffc0577c2794c7df268be0fb584dcd73ba4677461b460');
INSERT INTO wal (seq, at, by, records, digest) VALUES (7, 1795873374659, '{"source":"signer","view":15}', '[{"inclusion":{"block_hash":"0xcb94a8c3d219ec1b0ebd6627bcfbef5ab71502d72959626ae335e65edded72f4","block_number":5,"delivered_amount":"1000","fee_paid":"33388697286000","gas_used":"21000","hash":"0x3ac7c51afdbd0dcc42c60418cf9c534e2caca46e8de857c37ea7c7badae81ee7","outcome":"success"},"kind":"mined"},{"confirmations":1,"kind":"confirmed"}]', '327d667945ff319829063fe0bfa90b59a975b9c765285e37c04d84adaae3e27e');
INSERT INTO wal (seq, at, by, records, digest) VALUES (8, 1795873378647, '{"source":"signer","view":18}', '[{"inclusion":{"block_hash":"0xcb94a8c3d219ec1b0ebd6627bcfbef5ab71502d72959626ae335e65edded72f4","block_number":5,"delivered_amount":"1000","fee_paid":"33388697286000","gas_used":"21000","hash":"0x3ac7c51afdbd0dcc42c60418cf9c534e2caca46e8de857c37ea7c7badae81ee7","outcome":"success"},"kind":"finalized"}]', '60ef6b84622d8b12ce1fec4d04f2663bd64023c29e7da45ec5413e0ca252f517');
INSERT INTO meta (id, schema_version, class, object, incarnation, sealed_seq, cursors) VALUES (1, 1, 'TransferObject', 'tr_6lhizh5gbcdduatkfajd6tvvo6ru7d4v5ioqo2wdm6fmfkzgj73a', 1, 0, '{"projection":8}');
CREATE TRIGGER wal_never_changes BEFORE UPDATE ON wal
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER wal_never_loses BEFORE DELETE ON wal WHEN OLD.seq > (SELECT sealed_seq FROM meta)
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
