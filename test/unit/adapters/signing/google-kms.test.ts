// Guarantee: a key in Google Cloud KMS signs transactions that are the account's own; the token for it is asked for with an
// assertion that the service can check, once for all signatures until it ends.

import { generateKeyPairSync } from 'node:crypto'
import { importSPKI, jwtVerify } from 'jose'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { DigestSigner } from '../../../../src/shared/adapters/signing/digest-signer.ts'
import { googleKms } from '../../../../src/shared/adapters/signing/google-kms.ts'
import {
  addressOf,
  derSignature,
  keyOf,
  LocalService,
  type ServiceAnswer,
  type ServiceCall,
} from './key-service.ts'
import { expectAuthorized, expectSigned, TRANSACTION } from './transaction.ts'

const NAME = 'projects/p/locations/europe/keyRings/r/cryptoKeys/waybill/cryptoKeyVersions/1'
const EMAIL = 'waybill@p.iam.gserviceaccount.com'
const SCOPE = 'https://www.googleapis.com/auth/cloudkms'
const ADDRESS = addressOf(keyOf(4))
const START = 1_900_000_000_000
const pair = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
})

let service: LocalService
let signer: DigestSigner
let tokens = 0
let now = START
let instead: ServiceAnswer | null = null

beforeAll(async () => {
  service = await LocalService.start((call) =>
    call.path === '/token' ? token(call) : (instead ?? sign(call)),
  )
})
afterAll(() => service.stop())
beforeEach(() => {
  now = START
  tokens = 0
  instead = null
  signer = signerFor(pair.privateKey)
})

function signerFor(private_key: string): DigestSigner {
  const service_account = {
    client_email: EMAIL,
    private_key,
    private_key_id: 'k1',
    token_uri: `${service.url}/token`,
  }
  return new DigestSigner(
    new Map([[ADDRESS, NAME]]),
    googleKms({ service_account, endpoint: service.url }, fetch, () => now),
  )
}

async function token({ body }: ServiceCall): Promise<ServiceAnswer> {
  const form = new URLSearchParams(body)
  if (form.get('grant_type') !== 'urn:ietf:params:oauth:grant-type:jwt-bearer') {
    return { status: 400, body: { error: 'unsupported_grant_type' } }
  }
  try {
    const key = await importSPKI(pair.publicKey, 'RS256')
    const expected = { issuer: EMAIL, audience: `${service.url}/token`, currentDate: new Date(now) }
    const { payload, protectedHeader } = await jwtVerify(form.get('assertion') ?? '', key, expected)
    expect([payload.scope, protectedHeader.kid]).toEqual([SCOPE, 'k1'])
    tokens += 1
    return { status: 200, body: { access_token: `token ${tokens}`, expires_in: 3_600, token_type: 'Bearer' } }
  } catch (error) {
    return { status: 400, body: { error: 'invalid_grant', error_description: String(error) } }
  }
}

function sign({ path, headers, body }: ServiceCall): ServiceAnswer {
  if (headers.authorization !== `Bearer token ${tokens}`) return fault(401, 'UNAUTHENTICATED')
  if (path !== `/v1/${NAME}:asymmetricSign`) return fault(404, 'NOT_FOUND', path)
  const digest = Buffer.from(JSON.parse(body).digest.sha256, 'base64')
  return {
    status: 200,
    body: { name: NAME, signature: derSignature(keyOf(4), digest, true), protectionLevel: 'HSM' },
  }
}

function fault(code: number, status: string, message = ''): ServiceAnswer {
  return { status: code, body: { error: { code, status, message } } }
}

test('signs, with one token for many', async () => {
  await expectSigned(signer, ADDRESS)
  await expectSigned(signer, ADDRESS, { ...TRANSACTION, nonce: 8 })
  expect(tokens).toBe(1)
})

test('an account delegates by its key', async () => {
  await expectAuthorized(signer, ADDRESS)
  expect(tokens).toBe(1)
})

test('asks for another token before the old one ends', async () => {
  await expectSigned(signer, ADDRESS)
  now = START + 3_541_000
  await expectSigned(signer, ADDRESS)
  expect(tokens).toBe(2)
})

test.each([
  [fault(429, 'RESOURCE_EXHAUSTED', 'Quota exceeded'), 'unavailable', 'RESOURCE_EXHAUSTED: Quota exceeded'],
  [fault(503, 'UNAVAILABLE'), 'unavailable', 'UNAVAILABLE'],
  [fault(403, 'PERMISSION_DENIED', 'denied'), 'refused', 'PERMISSION_DENIED: denied'],
  [fault(400, 'FAILED_PRECONDITION', 'disabled'), 'refused', 'FAILED_PRECONDITION'],
  [{ status: 200, body: { name: `${NAME}2`, signature: 'AAAA' } }, 'wrong_answer', 'another key'],
  [{ status: 200, body: { name: NAME } }, 'wrong_answer', 'does not document'],
] as const)('the answer %j is %s', async (given, reason, words) => {
  instead = given
  const answer = await signer.sign(ADDRESS, TRANSACTION)
  expect(answer).toMatchObject({ ok: false, error: { reason, detail: expect.stringContaining(words) } })
})

test('an account whose key is another one gets no token, and its key is not told', async () => {
  const other = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  })
  const refused = await signerFor(other.privateKey).sign(ADDRESS, TRANSACTION)
  expect(refused).toMatchObject({
    ok: false,
    error: { reason: 'refused', detail: expect.stringContaining('invalid_grant') },
  })
  const dashes = '-'.repeat(5)
  const broken = `${dashes}BEGIN PRIVATE KEY${dashes}\nAAAA\n${dashes}END PRIVATE KEY${dashes}`
  const unread = await signerFor(broken).sign(ADDRESS, TRANSACTION)
  expect(unread).toMatchObject({ ok: false, error: { reason: 'refused' } })
  expect(JSON.stringify([refused, unread])).not.toMatch(/BEGIN|AAAA/)
})
