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
INSERT INTO meta (id, schema_version, class, object, incarnation, head_seq, head_digest, sealed_seq, sealed_trail, digest, cursors, cursors_digest, repairs, repairs_digest) VALUES (1, 1, 'TransferObject', 'tr_ek3fww3jltxfd5cztw3jpzbsl7lk5r7aot2dffjmfh3aodydxvua', 1, 5, '58861be4338fb5d3baec4ade515f41f1890cd5bd70db918853ee6739b52f689a', 0, '[{"number":0,"digest":"4038e7c5714c0c1599e586fc8519cfba91114c95222e3af1b1ddcb95cbd17975"}]', '44f1f8e4ab542124cf8042dc0ca2c0cbfb3177d445a52795f8a8d93749193a11', '{"projection":5}', '8b9896c9cd666a5661de4b5b16eb6387bcd1930cc51946d9f848852a962d5186', '[]', '4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945');
INSERT INTO wal (seq, v, at, by, count, leaves, digest) VALUES (1, 1, 1795873374158, '{"key":"qq6djk5d3xfbem4m","role":"admin","source":"api"}', 1, '[{"fingerprint":"88c4abb01f4a5bc7902da77fa5738f4bf930b90245085b439f13ac3bbf88067e","kind":"accepted","request":{"action":{"amount":"1006","to":"0xbb0Ea79c0fC1532fc60333dc7074bd7d2e75E4dC","type":"native"},"batch":"auto","chain":"eip155:31337","confirmations":null,"deadline":null,"from":"0x12AA680D3BEAbaba3b69C59C60C9bA805f8bC853","max_fee_per_gas":null,"not_before":"2999-01-01T00:00:00.000Z","reference":"invoice 42","speed":"standard","tags":["payroll"],"visibility":"public"},"tenant":"dev","transfer":"tr_ek3fww3jltxfd5cztw3jpzbsl7lk5r7aot2dffjmfh3aodydxvua"}]', '1e5633fdc3d4a969fb18696c9d2ac4e964c83141b03d5be6cb779d3cd17437c9');
INSERT INTO wal (seq, v, at, by, count, leaves, digest) VALUES (2, 1, 1795873374343, '{"source":"queue"}', 1, '[{"generation":0,"kind":"bound","signer":"0x12AA680D3BEAbaba3b69C59C60C9bA805f8bC853"}]', 'a0e030320fad588f2600d8835936f62119af6b647b936c421b851f024f3b3db8');
INSERT INTO wal (seq, v, at, by, count, leaves, digest) VALUES (3, 1, 1795873374389, '{"source":"signer","view":10}', 1, '[{"kind":"held","reason":"not_before"}]', '5b2df5bc84b01162e0f562bb6de871ddd95b393b12526b83a617fbabcefab444');
INSERT INTO wal (seq, v, at, by, count, leaves, digest) VALUES (4, 1, 1795873374450, '{"key":"qq6djk5d3xfbem4m","role":"admin","source":"api"}', 1, '[{"cause":"cancel","command":"cc","kind":"withdraw_requested"}]', 'd3847f37aeab80a37472b2e85f6d07813d83771f6781798f70bf630abaa663cd');
INSERT INTO wal (seq, v, at, by, count, leaves, digest) VALUES (5, 1, 1795873374453, '{"source":"queue"}', 1, '[{"kind":"canceled"}]', '58861be4338fb5d3baec4ade515f41f1890cd5bd70db918853ee6739b52f689a');
CREATE TRIGGER wal_never_changes BEFORE UPDATE ON wal
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER wal_never_loses BEFORE DELETE ON wal WHEN OLD.seq > (SELECT sealed_seq FROM meta)
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
