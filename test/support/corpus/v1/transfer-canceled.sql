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
INSERT INTO wal (seq, at, by, records, digest) VALUES (1, 1795873374158, '{"key":"qq6djk5d3xfbem4m","role":"admin","source":"api"}', '[{"fingerprint":"88c4abb01f4a5bc7902da77fa5738f4bf930b90245085b439f13ac3bbf88067e","kind":"accepted","request":{"action":{"amount":"1006","to":"0xbb0Ea79c0fC1532fc60333dc7074bd7d2e75E4dC","type":"native"},"batch":"auto","chain":"eip155:31337","confirmations":null,"deadline":null,"from":"0x12AA680D3BEAbaba3b69C59C60C9bA805f8bC853","max_fee_per_gas":null,"not_before":"2999-01-01T00:00:00.000Z","reference":"invoice 42","speed":"standard","tags":["payroll"],"visibility":"public"},"tenant":"dev","transfer":"tr_ek3fww3jltxfd5cztw3jpzbsl7lk5r7aot2dffjmfh3aodydxvua"}]', '3c2912b27a00a93a6667465960814df45bcb3fb4ab3d9ea470f62e058252b1b3');
INSERT INTO wal (seq, at, by, records, digest) VALUES (2, 1795873374343, '{"source":"queue"}', '[{"generation":0,"kind":"bound","signer":"0x12AA680D3BEAbaba3b69C59C60C9bA805f8bC853"}]', 'c14acdef9b3049ba4a31c86f3bf50c1de27615a93d1341e55d3a904773e13531');
INSERT INTO wal (seq, at, by, records, digest) VALUES (3, 1795873374389, '{"source":"signer","view":10}', '[{"kind":"held","reason":"not_before"}]', 'c587701fd11a2b383c1eb3cc41ea8633b01fb0be8ebb80b5cc90d6f136215f2b');
INSERT INTO wal (seq, at, by, records, digest) VALUES (4, 1795873374450, '{"key":"qq6djk5d3xfbem4m","role":"admin","source":"api"}', '[{"cause":"cancel","command":"cc","kind":"withdraw_requested"}]', '811410069ec2454d022258523f36255eeda3f776272a91a4d4adf34a008f5b10');
INSERT INTO wal (seq, at, by, records, digest) VALUES (5, 1795873374453, '{"source":"queue"}', '[{"kind":"canceled"}]', '5335e7cdaf41597bc5b55473fc4343c6432bfe47ad3a95bf832789617d999569');
INSERT INTO meta (id, schema_version, class, object, incarnation, sealed_seq, cursors) VALUES (1, 1, 'TransferObject', 'tr_ek3fww3jltxfd5cztw3jpzbsl7lk5r7aot2dffjmfh3aodydxvua', 1, 0, '{"projection":5}');
CREATE TRIGGER wal_never_changes BEFORE UPDATE ON wal
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER wal_never_loses BEFORE DELETE ON wal WHEN OLD.seq > (SELECT sealed_seq FROM meta)
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
