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
INSERT INTO wal (seq, at, by, records, digest) VALUES (1, 1795873378891, '{"key":"qq6djk5d3xfbem4m","role":"admin","source":"api"}', '[{"fingerprint":"bb8c6e0d277f7d201e73ee25ae6597ea51b9fa3e53fabfa161729db1c1419684","kind":"accepted","request":{"action":{"amount":"1012","to":"0xc98988E1853220357704299ce5F8aCCEb413F917","type":"native"},"batch":"auto","chain":"eip155:31337","confirmations":null,"deadline":null,"from":"0x12AA680D3BEAbaba3b69C59C60C9bA805f8bC853","max_fee_per_gas":null,"not_before":null,"reference":null,"speed":"standard","tags":[],"visibility":"public"},"tenant":"dev","transfer":"tr_vfcspbqlh64j6skbampep5ezizcmg3m7z2r7wgs4bqa624lb54ja"}]', 'd8e1461a59bbba6132c5d8ef44df2c835b8c46a818f6e62d72f432d6fdf9b2ed');
INSERT INTO wal (seq, at, by, records, digest) VALUES (2, 1795873378951, '{"source":"queue"}', '[{"generation":0,"kind":"bound","signer":"0x12AA680D3BEAbaba3b69C59C60C9bA805f8bC853"}]', '4e1894b69b6749eaedec5e9dd934bb45c1f7c8048a188c9c8dde11ad46886da1');
INSERT INTO wal (seq, at, by, records, digest) VALUES (4, 1795873378995, '{"source":"signer","view":25}', '[{"attempt":{"gas_limit":"21000","hash":"0xaff4912a2f1c21c253e990da5124136bb01892d80ad2f236bae4bb1ba856a1ab","index":0,"max_fee_per_gas":"1605586358","max_priority_fee_per_gas":"1000000000"},"kind":"signed","nonce":1},{"hash":"0xaff4912a2f1c21c253e990da5124136bb01892d80ad2f236bae4bb1ba856a1ab","kind":"unclear"}]', '9c11abaf94e5a7147b37eb9fbd2347e4dd1fc5d6b7697ab3d5cb9a6611a571b5');
INSERT INTO meta (id, schema_version, class, object, incarnation, sealed_seq, cursors) VALUES (1, 1, 'TransferObject', 'tr_vfcspbqlh64j6skbampep5ezizcmg3m7z2r7wgs4bqa624lb54ja', 1, 0, '{}');
CREATE TRIGGER wal_never_changes BEFORE UPDATE ON wal
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER wal_never_loses BEFORE DELETE ON wal WHEN OLD.seq > (SELECT sealed_seq FROM meta)
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
