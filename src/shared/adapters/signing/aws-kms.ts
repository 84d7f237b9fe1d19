// Keys in AWS KMS: asymmetric, ECC_SECG_P256K1, SIGN_VERIFY. Source: AWS KMS API reference, action Sign.

import { AwsClient } from 'aws4fetch'
import { hexToBytes } from 'viem'
import { z } from 'zod'
import { toBase64 } from '../../lib/base64.ts'
import { ok } from '../../lib/result.ts'
import type { Fetch } from '../json-rpc.ts'
import type { KeyService } from './digest-signer.ts'
import { askService, type ServiceError } from './service-request.ts'

export const awsKmsAccess = z.strictObject({
  region: z.string().regex(/^[a-z0-9-]+$/),
  access_key_id: z.string().min(1),
  secret_access_key: z.string().min(1),
  session_token: z.string().min(1).optional(),
  /** Where the service is reached by another way than its public one. */
  endpoint: z.url({ protocol: /^https?$/ }).optional(),
})
export type AwsKmsAccess = z.infer<typeof awsKmsAccess>

const SERVICE = 'AWS KMS'
const answerSchema = z.object({ Signature: z.base64() })
const errorSchema = z.object({ __type: z.string(), message: z.string().catch('') })
/** KMS answers these with status 400, though they pass. */
const PASSING: ReadonlySet<string> = new Set([
  'ThrottlingException',
  'LimitExceededException',
  'DependencyTimeoutException',
  'KeyUnavailableException',
  'RequestExpiredException',
])

export function awsKms(access: AwsKmsAccess, fetch: Fetch): KeyService {
  const { region, access_key_id, secret_access_key, session_token } = access
  const url = access.endpoint ?? `https://kms.${region}.amazonaws.com/`
  const client = new AwsClient({
    accessKeyId: access_key_id,
    secretAccessKey: secret_access_key,
    ...(session_token === undefined ? {} : { sessionToken: session_token }),
    service: 'kms',
    region,
  })
  return async (key, digest) => {
    const body = JSON.stringify({
      KeyId: key,
      Message: toBase64(hexToBytes(digest)),
      MessageType: 'DIGEST',
      SigningAlgorithm: 'ECDSA_SHA_256',
    })
    const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'TrentService.Sign' }
    const answer = await askService(
      SERVICE,
      async (signal) => {
        const signed = await client.sign(url, { method: 'POST', headers, body })
        return fetch(url, { method: 'POST', headers: signed.headers, body, redirect: 'manual', signal })
      },
      answerSchema,
      readError,
    )
    return answer.ok ? ok(answer.value.Signature) : answer
  }
}

/** The name may stand behind a namespace: `com.amazonaws.kms#NotFoundException`. */
function readError(body: unknown): ServiceError | null {
  const parsed = errorSchema.safeParse(body)
  if (!parsed.success) return null
  const { __type: type, message } = parsed.data
  const name = type.slice(type.indexOf('#') + 1)
  return { name, message, isTransient: PASSING.has(name) }
}
