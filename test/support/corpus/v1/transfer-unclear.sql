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
INSERT INTO meta (id, schema_version, class, object, incarnation, head_seq, head_digest, sealed_seq, sealed_trail, digest, cursors, cursors_digest, repairs, repairs_digest) VALUES (1, 1, 'TransferObject', 'tr_vfcspbqlh64j6skbampep5ezizcmg3m7z2r7wgs4bqa624lb54ja', 1, 4, '625b6dfdef4f768c1eb42fced8a3972a5fc53b55f105fb683ec281cbce8f9bfe', 0, '[{"number":0,"digest":"82dbf321bc99ed6184b580232b4371a644dac6132698baabce8dd0fe125e6caf"}]', 'ef91618e1efd2903f36a0b8d44ef3b5d8f355c8b157e9053cc8e7692bc443c47', '{}', '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a', '[]', '4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945');
INSERT INTO wal (seq, v, at, by, count, leaves, digest) VALUES (1, 1, 1795873378891, '{"key":"qq6djk5d3xfbem4m","role":"admin","source":"api"}', 1, '[{"fingerprint":"bb8c6e0d277f7d201e73ee25ae6597ea51b9fa3e53fabfa161729db1c1419684","kind":"accepted","request":{"action":{"amount":"1012","to":"0xc98988E1853220357704299ce5F8aCCEb413F917","type":"native"},"batch":"auto","chain":"eip155:31337","confirmations":null,"deadline":null,"from":"0x12AA680D3BEAbaba3b69C59C60C9bA805f8bC853","max_fee_per_gas":null,"not_before":null,"reference":null,"speed":"standard","tags":[],"visibility":"public"},"tenant":"dev","transfer":"tr_vfcspbqlh64j6skbampep5ezizcmg3m7z2r7wgs4bqa624lb54ja"}]', '35546e5a8d58e4116c1d6ef0426e5f23ba35afd3e418f41bb36b1757b8085a36');
INSERT INTO wal (seq, v, at, by, count, leaves, digest) VALUES (2, 1, 1795873378951, '{"source":"queue"}', 1, '[{"generation":0,"kind":"bound","signer":"0x12AA680D3BEAbaba3b69C59C60C9bA805f8bC853"}]', '8886938ae916fc2d7307cfb5f5790b02a8140cd98fad826b496be46e07b0bd9f');
INSERT INTO wal (seq, v, at, by, count, leaves, digest) VALUES (4, 1, 1795873378995, '{"source":"signer","view":25}', 2, '[{"attempt":{"gas_limit":"21000","hash":"0xaff4912a2f1c21c253e990da5124136bb01892d80ad2f236bae4bb1ba856a1ab","index":0,"max_fee_per_gas":"1605586358","max_priority_fee_per_gas":"1000000000"},"kind":"signed","nonce":1},{"hash":"0xaff4912a2f1c21c253e990da5124136bb01892d80ad2f236bae4bb1ba856a1ab","kind":"unclear"}]', '625b6dfdef4f768c1eb42fced8a3972a5fc53b55f105fb683ec281cbce8f9bfe');
CREATE TRIGGER wal_never_changes BEFORE UPDATE ON wal
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER wal_never_loses BEFORE DELETE ON wal WHEN OLD.seq > (SELECT sealed_seq FROM meta)
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
