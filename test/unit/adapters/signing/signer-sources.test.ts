// Guarantee: each account has one source of signatures, as the settings say; a mistake in them names its place and no secret.

import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { SignerSources } from '../../../../src/shared/adapters/signing/signer-sources.ts'
import { ANVIL_ADDRESS, ANVIL_KEY } from '../anvil.ts'
import { checkedAddress } from '../chain-values.ts'
import { addressOf, keyOf } from './key-service.ts'
import { expectAuthorized, expectSigned, TRANSACTION } from './transaction.ts'

/** Of every development node. */
const PHRASE = 'test test test test test test test test test test test junk'
const SECOND = checkedAddress('0x70997970c51812dc3a010c7d01b50e0d17dc79c8')
const THIRD = checkedAddress('0x3c44cdddb6a900fa2b585dd299e03d12fa4293bc')
const KEYS = JSON.stringify({ [ANVIL_ADDRESS]: ANVIL_KEY })
const GOOGLE = {
  client_email: 'a@b',
  private_key: `${'-'.repeat(5)}BEGIN PRIVATE KEY${'-'.repeat(5)}\nsecret\n`,
  token_uri: 'https://oauth2.googleapis.com/token',
}

test('accounts of a mnemonic sign, beside those whose keys are secrets', async () => {
  const accounts = {
    [SECOND]: "m/44'/60'/0'/0/1",
    '0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC': "m/44'/60'/0'/0/2",
  }
  const signer = parse([{ kind: 'mnemonic', phrase: ` ${PHRASE.replace(' ', '\n ')} `, accounts }])
  for (const address of [ANVIL_ADDRESS, SECOND, THIRD]) {
    expect(signer.holds(address)).toBe(true)
    await expectSigned(signer, address)
    await expectAuthorized(signer, address)
  }
})

test.each([
  ['another path', PHRASE, '', "m/44'/60'/0'/0/3"],
  ['another word', PHRASE.replace('junk', 'test'), '', "m/44'/60'/0'/0/1"],
  ['another passphrase', PHRASE, 'x', "m/44'/60'/0'/0/1"],
])('%s than that of the account signs nothing', async (_, phrase, passphrase, path) => {
  const signer = parse([{ kind: 'mnemonic', phrase, passphrase, accounts: { [SECOND]: path } }])
  const answer = await signer.sign(SECOND, TRANSACTION)
  expect(answer).toMatchObject({ ok: false, error: { reason: 'wrong_answer' } })
  expect(inspect(answer, { depth: 9 })).not.toContain('test')
})

test('each kind of source has the accounts that it names, and no others', async () => {
  const accounts = [1, 2, 3].map((number) => addressOf(keyOf(number)))
  const [remote = '', aws = '', google = ''] = accounts
  const signer = parse([
    { kind: 'remote', url: 'http://127.0.0.1:1', accounts: [remote] },
    {
      kind: 'aws_kms',
      region: 'eu-west-1',
      access_key_id: 'a',
      secret_access_key: 's',
      accounts: { [aws]: 'key' },
    },
    {
      kind: 'google_kms',
      service_account: { ...GOOGLE, type: 'service_account' },
      accounts: { [google]: 'projects/p/locations/l/keyRings/r/cryptoKeys/k/cryptoKeyVersions/1' },
    },
  ])
  for (const address of accounts) expect(signer.holds(address)).toBe(true)
  expect(signer.holds(SECOND)).toBe(false)
  expect(await signer.sign(SECOND, TRANSACTION)).toEqual({ ok: false, error: { reason: 'no_key' } })
  expect(inspect(signer, { depth: 9 })).not.toMatch(/secret|BEGIN/)
})

test.each([
  [
    'twice',
    [{ kind: 'mnemonic', phrase: 'hidden words', accounts: { [ANVIL_ADDRESS]: "m/44'/60'/0'/0/0" } }],
    'has two sources',
  ],
  ['no such kind', [{ kind: 'paper', phrase: 'hidden words' }], 'kind'],
  ['no address', [{ kind: 'remote', url: 'http://hidden.words', accounts: ['0x12'] }], '0.accounts.0'],
  [
    'no path',
    [{ kind: 'mnemonic', phrase: 'hidden words', accounts: { [SECOND]: 'm/0/hidden words' } }],
    'accounts',
  ],
  [
    'an unknown field',
    [{ kind: 'mnemonic', phrase: 'hidden words', accounts: {}, hint: 'hidden words' }],
    'hint',
  ],
  ['no URL', [{ kind: 'remote', url: 'hidden words', accounts: [] }], '0.url'],
])('settings with %s are refused, without what they hide', (_, sources, words) => {
  const refusal = () => parse(sources)
  expect(refusal).toThrow(words)
  expect(refusal).not.toThrow('hidden words')
})

test('settings that stay the same are read once', () => {
  const settings = { SIGNER_KEYS: KEYS }
  expect(SignerSources.of({ ...settings }, fetch)).toBe(SignerSources.of({ ...settings }, fetch))
  expect(SignerSources.of({ ...settings, SIGNER_SOURCES: '[]' }, fetch)).not.toBe(
    SignerSources.of(settings, fetch),
  )
})

function parse(sources: unknown): SignerSources {
  return SignerSources.parse({ SIGNER_KEYS: KEYS, SIGNER_SOURCES: JSON.stringify(sources) }, fetch)
}
