// Keys in Google Cloud KMS: EC_SIGN_SECP256K1_SHA256, protection level HSM. A key's name is that of its version:
// projects/*/locations/*/keyRings/*/cryptoKeys/*/cryptoKeyVersions/*. Source: Cloud KMS API v1, asymmetricSign.
//
// The service signs 32 bytes that are called a SHA-256 and may be any digest. Its checksums of what it read and wrote are not
// asked for: a signature that recovers to the account proves more.

import { hexToBytes } from 'viem'
import { z } from 'zod'
import { toBase64 } from '../../lib/base64.ts'
import { err, ok } from '../../lib/result.ts'
import type { Fetch } from '../json-rpc.ts'
import type { KeyService } from './digest-signer.ts'
import { GoogleToken, googleAccount } from './google-token.ts'
import { askService, type ServiceError } from './service-request.ts'

export const googleKmsAccess = z.strictObject({
  /** The key file of a service account that has the role cloudkms.signer. */
  service_account: googleAccount,
  /** Where the service is reached by another way than its public one. */
  endpoint: z.url({ protocol: /^https?$/ }).default('https://cloudkms.googleapis.com'),
})
export type GoogleKmsAccess = z.infer<typeof googleKmsAccess>

const SERVICE = 'Google Cloud KMS'
const SCOPE = 'https://www.googleapis.com/auth/cloudkms'
const answerSchema = z.object({ name: z.string(), signature: z.base64() })
const errorSchema = z.object({ error: z.object({ status: z.string(), message: z.string().catch('') }) })
const PASSING: ReadonlySet<string> = new Set([
  'RESOURCE_EXHAUSTED',
  'UNAVAILABLE',
  'DEADLINE_EXCEEDED',
  'INTERNAL',
  'ABORTED',
])

export function googleKms(
  { service_account, endpoint }: GoogleKmsAccess,
  fetch: Fetch,
  now = Date.now,
): KeyService {
  const token = new GoogleToken(service_account, SCOPE, fetch, now)
  return async (key, digest) => {
    const access = await token.get()
    if (!access.ok) return access
    const answer = await askService(
      SERVICE,
      (signal) =>
        fetch(`${endpoint}/v1/${key}:asymmetricSign`, {
          method: 'POST',
          headers: { authorization: `Bearer ${access.value}`, 'content-type': 'application/json' },
          body: JSON.stringify({ digest: { sha256: toBase64(hexToBytes(digest)) } }),
          redirect: 'manual',
          signal,
        }),
      answerSchema,
      readError,
    )
    if (!answer.ok) return answer
    if (answer.value.name !== key) {
      return err({ reason: 'wrong_answer', detail: `${SERVICE} signed with another key than ${key}` })
    }
    return ok(answer.value.signature)
  }
}

function readError(body: unknown): ServiceError | null {
  const parsed = errorSchema.safeParse(body)
  if (!parsed.success) return null
  const { status, message } = parsed.data.error
  return { name: status, message, isTransient: PASSING.has(status) }
}
