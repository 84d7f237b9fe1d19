// What the groups of a short log usually say, most usual last, as DEFLATE wants it. Part of the form of a block: to change
// it is to make another form, and the old ones are read for ever.

const SAMPLES = [
  '[1,0,{"source":"reconciliation"},1]\n[{"kind":"expired"}]\n[{"kind":"reopened","reason":"',
  '[{"generation":1,"kind":"closed","nonce":0}]\n[{"kind":"orphaned"}]\n[{"failure":"would_revert","kind":"rejected"}]\n',
  '[{"command":"","kind":"withdraw_requested","cause":"cancel"}]\n[{"kind":"canceled"}]\n[{"kind":"withdraw_refused","nonce":',
  '[{"kind":"held","reason":"funds"}]\n[{"kind":"held","reason":"not_before"}]\n[{"kind":"held","reason":"fee_cap"}]\n',
  '"action":{"data":"0x","to":"0x","type":"call","value":"0"},"batch":"auto","chain":"eip155:1","confirmations":12,',
  '"not_before":"2026-11-28T12:00:00.000Z","deadline":"2026-12-31T00:00:00.000Z","max_fee_per_gas":"',
  '[1,1764331200000,{"key":"","role":"operator","source":"api"},1]\n[1,1764331200000,{"key":"","role":"admin","source":"api"},1]\n',
  '[{"fingerprint":"","kind":"accepted","request":{"action":{"amount":"1000000000000000000","to":"0x","token":"0x","type":"erc20"},',
  '"action":{"amount":"1000000000000000","to":"0x","type":"native"},"batch":"auto","chain":"eip155:31337","confirmations":null,',
  '"deadline":null,"from":"0x","max_fee_per_gas":null,"not_before":null,"reference":"invoice ","speed":"standard",',
  '"tags":[],"visibility":"public"},"tenant":"","transfer":"tr_',
  '\n[1,60,{"source":"queue"},1]\n[{"generation":0,"kind":"bound","signer":"0x',
  '[1,80,{"source":"signer","view":3},1]\n[{"kind":"queued"},{"attempt":{"gas_limit":"21000","hash":"0x","index":0,',
  '"max_fee_per_gas":"2500000000","max_priority_fee_per_gas":"1000000000"},"kind":"signed","nonce":',
  '},{"hash":"0x","kind":"broadcast"}]\n[1,1000,{"source":"signer","view":6},1]\n',
  '[{"inclusion":{"block_hash":"0x","block_number":2,"delivered_amount":"1000000000000000","fee_paid":"42000000000000",',
  '"gas_used":"21000","hash":"0x","outcome":"success"},"kind":"mined"},{"confirmations":1,"kind":"confirmed"}]\n',
  '[1,4000,{"source":"signer","view":9},1]\n[{"inclusion":{"block_hash":"0x","block_number":',
  '"delivered_amount":"1000000000000000","fee_paid":"42000000000000","gas_used":"21000","hash":"0x","outcome":"success"},"kind":"finalized"}]',
] as const

export const SEGMENT_DICTIONARY: Uint8Array = new TextEncoder().encode(SAMPLES.join(''))
