// Guarantee: a key in AWS KMS signs transactions that are the account's own, by requests that the service can check; and
// whatever the service answers instead is told for what it is, without a secret.

import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { awsKms } from '../../../../src/shared/adapters/signing/aws-kms.ts'
import { DigestSigner } from '../../../../src/shared/adapters/signing/digest-signer.ts'
import { signatureFault } from './aws-signature.ts'
import {
  addressOf,
  derSignature,
  keyOf,
  LocalService,
  type ServiceAnswer,
  type ServiceCall,
} from './key-service.ts'
import { AUTHORIZATIONS, expectAuthorized, expectSigned, TRANSACTION } from './transaction.ts'

const SECRET = 'a secret that only the service knows'
const KEYS = new Map([1, 2, 3].map((number) => [`alias/waybill-${number}`, keyOf(number)] as const))
const ADDRESS = addressOf(keyOf(1))

let service: LocalService
let signer: DigestSigner
let isHigh = false
let instead: ServiceAnswer | null = null
/** The account's key, for all that it signs but this one, counted from one. */
let wrongKeyAt = 0
let signatures = 0

beforeAll(async () => {
  service = await LocalService.start((call) => instead ?? answer(call))
  const access = {
    region: 'eu-central-1',
    access_key_id: 'AKID',
    secret_access_key: SECRET,
    endpoint: `${service.url}/`,
  }
  const keys = new Map([...KEYS].map(([name, key]) => [addressOf(key), name]))
  // A key that somebody put beside the wrong account.
  keys.set(addressOf(keyOf(9)), 'alias/waybill-1')
  signer = new DigestSigner(keys, awsKms(access, fetch))
})
afterAll(() => service.stop())
beforeEach(() => {
  instead = null
  isHigh = false
  wrongKeyAt = 0
  signatures = 0
})

/** As the service does: the signature of the request, then the key, then the digest. */
function answer(call: ServiceCall): ServiceAnswer {
  if (call.headers['x-amz-target'] !== 'TrentService.Sign') return fault('UnknownOperationException')
  const unsigned = signatureFault(call, SECRET)
  if (unsigned !== null) return fault('InvalidSignatureException', unsigned)
  const { KeyId, Message, MessageType, SigningAlgorithm } = JSON.parse(call.body)
  signatures += 1
  const key = signatures === wrongKeyAt ? keyOf(8) : KEYS.get(KeyId)
  const digest = Buffer.from(Message, 'base64')
  if (key === undefined) return fault('NotFoundException', `${KeyId} is not found.`)
  if (MessageType !== 'DIGEST' || digest.length !== 32) return fault('ValidationException')
  const Signature = derSignature(key, digest, isHigh)
  return { status: 200, body: { KeyId, Signature, SigningAlgorithm } }
}

function fault(name: string, message = ''): ServiceAnswer {
  return { status: 400, body: { __type: name, message } }
}

test.each([false, true])('signs by its key; a signature of the upper half: %s', async (high) => {
  isHigh = high
  for (const key of KEYS.values()) await expectSigned(signer, addressOf(key))
})

test.each([false, true])(
  'an account delegates by its key; a signature of the upper half: %s',
  async (high) => {
    isHigh = high
    await expectAuthorized(signer, ADDRESS)
    expect(signatures).toBe(2 * AUTHORIZATIONS.length)
  },
)

test.each([
  [1, 'authorization'],
  [2, 'transaction'],
])('signature %d, of the %s, is not used where another key made it', async (place) => {
  wrongKeyAt = place
  const [authorization] = AUTHORIZATIONS
  const answer = await signer.sign(ADDRESS, { ...TRANSACTION, authorization })
  expect(answer).toMatchObject({ ok: false, error: { reason: 'wrong_answer' } })
  expect(signatures).toBe(place)
})

test('an account that it has no key of is not asked for', async () => {
  const calls = service.calls.length
  const stranger = addressOf(keyOf(77))
  expect(signer.holds(stranger)).toBe(false)
  expect(await signer.sign(stranger, TRANSACTION)).toEqual({ ok: false, error: { reason: 'no_key' } })
  expect(service.calls).toHaveLength(calls)
})

test('the key of another account signs nothing', async () => {
  const answer = await signer.sign(addressOf(keyOf(9)), TRANSACTION)
  expect(answer).toMatchObject({ ok: false, error: { reason: 'wrong_answer' } })
})

test.each([
  [
    fault('com.amazonaws.kms#ThrottlingException', 'Rate exceeded'),
    'unavailable',
    'ThrottlingException: Rate exceeded',
  ],
  [{ status: 500, body: { __type: 'KMSInternalException' } }, 'unavailable', '500: KMSInternalException'],
  [{ status: 503, body: '<html>' }, 'unavailable', 'AWS KMS answered 503'],
  [fault('AccessDeniedException', 'not authorized'), 'refused', 'AccessDeniedException: not authorized'],
  [fault('DisabledException'), 'refused', 'DisabledException'],
  [{ status: 200, body: {} }, 'wrong_answer', 'does not document'],
  [{ status: 200, body: 'no json' }, 'wrong_answer', 'does not document'],
  [{ status: 200, body: { Signature: 'AAAA' } }, 'wrong_answer', 'no signature'],
  [{ status: 200, body: { Signature: 'A'.repeat(100_000) } }, 'wrong_answer', 'does not document'],
] as const)('the answer %j is %s', async (given, reason, words) => {
  instead = given
  const answer = await signer.sign(ADDRESS, TRANSACTION)
  expect(answer).toMatchObject({ ok: false, error: { reason, detail: expect.stringContaining(words) } })
  expect(JSON.stringify(answer)).not.toContain(SECRET)
})

test('a wrong secret is refused by the service, and not told', async () => {
  const access = {
    region: 'eu-central-1',
    access_key_id: 'AKID',
    secret_access_key: 'wrong',
    endpoint: `${service.url}/`,
  }
  const other = new DigestSigner(new Map([[ADDRESS, 'alias/waybill-1']]), awsKms(access, fetch))
  const answer = await other.sign(ADDRESS, TRANSACTION)
  expect(answer).toMatchObject({ ok: false, error: { reason: 'refused' } })
  expect(JSON.stringify(answer)).toContain('InvalidSignatureException')
})

test('a service that is away is told as unavailable, without its address', async () => {
  const gone = await LocalService.start(() => ({ status: 200, body: {} }))
  await gone.stop()
  const access = {
    region: 'eu-central-1',
    access_key_id: 'AKID',
    secret_access_key: SECRET,
    endpoint: `${gone.url}/`,
  }
  const other = new DigestSigner(new Map([[ADDRESS, 'alias/waybill-1']]), awsKms(access, fetch))
  expect(await other.sign(ADDRESS, TRANSACTION)).toEqual({
    ok: false,
    error: { reason: 'unavailable', detail: 'AWS KMS cannot be reached' },
  })
})
