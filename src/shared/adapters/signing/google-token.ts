// An access token for a service account, by a signed assertion (RFC 7523), kept until shortly before it ends.
// Source: Google Identity, "Using OAuth 2.0 for server to server applications".

import { importPKCS8, SignJWT } from 'jose'
import { z } from 'zod'
import { err, ok, type Result } from '../../lib/result.ts'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../lib/time.ts'
import type { SigningFailure } from '../../ports/transaction-signer.ts'
import type { Fetch } from '../json-rpc.ts'
import { askService, type ServiceError } from './service-request.ts'

/** The fields of a key file that count; it has others. */
export const googleAccount = z.object({
  client_email: z.string().min(1),
  private_key: z.string().regex(/^-{5}BEGIN PRIVATE KEY-{5}/),
  private_key_id: z.string().optional(),
  token_uri: z.url({ protocol: /^https?$/ }),
})
export type GoogleAccount = z.infer<typeof googleAccount>

const SERVICE = 'Google OAuth'
const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
/** The longest that an assertion may count. */
const ASSERTION_MS = HOUR_MS
/** Before its end: clocks differ, and a request takes its time. */
const SPARE_MS = MINUTE_MS

const answerSchema = z.object({ access_token: z.string().min(1), expires_in: z.number().positive() })
const errorSchema = z.object({ error: z.string(), error_description: z.string().catch('') })

export class GoogleToken {
  readonly #account: GoogleAccount
  readonly #scope: string
  readonly #fetch: Fetch
  readonly #now: () => number
  #kept: { readonly token: string; readonly until: number } | null = null

  constructor(account: GoogleAccount, scope: string, fetch: Fetch, now: () => number) {
    this.#account = account
    this.#scope = scope
    this.#fetch = fetch
    this.#now = now
  }

  async get(): Promise<Result<string, SigningFailure>> {
    const now = this.#now()
    if (this.#kept !== null && now < this.#kept.until) return ok(this.#kept.token)
    const assertion = await this.#assertion(now)
    if (assertion === null)
      return err({ reason: 'refused', detail: `${SERVICE}: the private key cannot be read` })
    const answer = await askService(
      SERVICE,
      (signal) =>
        this.#fetch(this.#account.token_uri, {
          method: 'POST',
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
          body: new URLSearchParams({ grant_type: GRANT, assertion }).toString(),
          redirect: 'manual',
          signal,
        }),
      answerSchema,
      readError,
    )
    if (!answer.ok) return answer
    const { access_token: token, expires_in } = answer.value
    this.#kept = { token, until: now + expires_in * SECOND_MS - SPARE_MS }
    return ok(token)
  }

  async #assertion(now: number): Promise<string | null> {
    const { client_email, private_key, private_key_id, token_uri } = this.#account
    const key = await importPKCS8(private_key, 'RS256').catch(() => null)
    if (key === null) return null
    const seconds = Math.floor(now / SECOND_MS)
    return new SignJWT({ scope: this.#scope })
      .setProtectedHeader({
        alg: 'RS256',
        typ: 'JWT',
        ...(private_key_id === undefined ? {} : { kid: private_key_id }),
      })
      .setIssuer(client_email)
      .setAudience(token_uri)
      .setIssuedAt(seconds)
      .setExpirationTime(seconds + ASSERTION_MS / SECOND_MS)
      .sign(key)
  }
}

function readError(body: unknown): ServiceError | null {
  const parsed = errorSchema.safeParse(body)
  if (!parsed.success) return null
  const { error: name, error_description: message } = parsed.data
  return { name, message, isTransient: name === 'temporarily_unavailable' }
}
