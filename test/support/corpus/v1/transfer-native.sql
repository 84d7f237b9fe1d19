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
INSERT INTO meta (id, schema_version, class, object, incarnation, head_seq, head_digest, sealed_seq, sealed_trail, digest, cursors, cursors_digest, repairs, repairs_digest) VALUES (1, 1, 'TransferObject', 'tr_6lhizh5gbcdduatkfajd6tvvo6ru7d4v5ioqo2wdm6fmfkzgj73a', 1, 8, '2c08d88ec9b1dbe7912d2bf2902add3c01ce7746bbebd8b2132e69e81cfe4619', 0, '[{"number":0,"digest":"057b407a86a78a3973e06cf89ca2ad80ad0ab0291dc1097a8e032ff4154e20a0"}]', '5342bdcb9b35524152bb6c6185e25430d434bd38685f8b726fd403e379ed335f', '{"projection":8}', '4e4c7af8eb53c2ea4b7373c7ff947372a1eea624ddfb1d16ab63f44b70500933', '[]', '4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945');
INSERT INTO wal (seq, v, at, by, count, leaves, digest) VALUES (1, 1, 1795873374089, '{"key":"qq6djk5d3xfbem4m","role":"admin","source":"api"}', 1, '[{"fingerprint":"6eafc2cf66434a9c7e1fbf38dee6e954e1fd07439f32d89233a9f2abe6201357","kind":"accepted","request":{"action":{"amount":"1000","to":"0x56ba4fF8C32732a0A25fac975c3eC072D4a7fb91","type":"native"},"batch":"auto","chain":"eip155:31337","confirmations":null,"deadline":null,"from":"0x12AA680D3BEAbaba3b69C59C60C9bA805f8bC853","max_fee_per_gas":null,"not_before":null,"reference":null,"speed":"standard","tags":[],"visibility":"public"},"tenant":"dev","transfer":"tr_6lhizh5gbcdduatkfajd6tvvo6ru7d4v5ioqo2wdm6fmfkzgj73a"}]', '2158ab169fa0acb929f4799504ce2bfe87828a310aebcd202eb16e5021c87ef8');
INSERT INTO wal (seq, v, at, by, count, leaves, digest) VALUES (2, 1, 1795873374165, '{"source":"queue"}', 1, '[{"generation":0,"kind":"bound","signer":"0x12AA680D3BEAbaba3b69C59C60C9bA805f8bC853"}]', '9f3120eefb8f50bb59034cdca2e63560c8abc04b23170a35d6f3cb97a657aaae');
INSERT INTO wal (seq, v, at, by, count, leaves, digest) VALUES (3, 1, 1795873374239, '{"source":"signer","view":4}', 1, '[{"kind":"queued"}]', '8bf7969621964dfe1196dec9401520b92456a78536feff422174b49f73cc0632');
INSERT INTO wal (seq, v, at, by, count, leaves, digest) VALUES (5, 1, 1795873374323, '{"source":"signer","view":8}', 2, '[{"attempt":{"gas_limit":"21000","hash":"0x3ac7c51afdbd0dcc42c60418cf9c534e2caca46e8de857c37ea7c7badae81ee7","index":0,"max_fee_per_gas":"2179875932","max_priority_fee_per_gas":"1000000000"},"kind":"signed","nonce":0},{"hash":"0x3ac7c51afdbd0dcc42c60418cf9c534e2caca46e8de857c37ea7c7badae81ee7","kind":"broadcast"}]', '2dabaefba7a755b5f96fdb88e799161113ea9485e2476201c3f91719db78e0f2');
INSERT INTO wal (seq, v, at, by, count, leaves, digest) VALUES (7, 1, 1795873374659, '{"source":"signer","view":15}', 2, '[{"inclusion":{"block_hash":"0xcb94a8c3d219ec1b0ebd6627bcfbef5ab71502d72959626ae335e65edded72f4","block_number":5,"delivered_amount":"1000","fee_paid":"33388697286000","gas_used":"21000","hash":"0x3ac7c51afdbd0dcc42c60418cf9c534e2caca46e8de857c37ea7c7badae81ee7","outcome":"success"},"kind":"mined"},{"confirmations":1,"kind":"confirmed"}]', 'b8c9cbb4da82a8b55b4c1717f6cce533dd6f062a5f0e1b3e01681e923c440864');
INSERT INTO wal (seq, v, at, by, count, leaves, digest) VALUES (8, 1, 1795873378647, '{"source":"signer","view":18}', 1, '[{"inclusion":{"block_hash":"0xcb94a8c3d219ec1b0ebd6627bcfbef5ab71502d72959626ae335e65edded72f4","block_number":5,"delivered_amount":"1000","fee_paid":"33388697286000","gas_used":"21000","hash":"0x3ac7c51afdbd0dcc42c60418cf9c534e2caca46e8de857c37ea7c7badae81ee7","outcome":"success"},"kind":"finalized"}]', '2c08d88ec9b1dbe7912d2bf2902add3c01ce7746bbebd8b2132e69e81cfe4619');
CREATE TRIGGER wal_never_changes BEFORE UPDATE ON wal
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER wal_never_loses BEFORE DELETE ON wal WHEN OLD.seq > (SELECT sealed_seq FROM meta)
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
