// The API under test, with the real database and the real objects behind it. Every answer is held against the OpenAPI
// document before a test sees it, so what the document does not say cannot be answered unnoticed.

import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { assert } from '../../../src/shared/lib/assert.ts'
import { takesPrivate } from '../../../src/shared/schema/deployment.ts'
import { formatApiKey, hashApiKey } from '../../../src/shared/tenancy/api-key.ts'
import type { Role } from '../../../src/shared/tenancy/role.ts'
import { isTenantId, type TenantId } from '../../../src/shared/tenancy/tenant-id.ts'
import { buildApi } from '../../../src/workers/api/app.ts'
import type { ApiEnv } from '../../../src/workers/api/env.ts'
import { submitAtOnce } from '../../../src/workers/queues/submit-at-once.ts'
import { holdAgainstDocument } from './api-document.ts'
import { TEST_CHAIN } from './settings.ts'

export type Asked = {
  readonly key?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as it is when it is text or bytes, else as JSON. */
  readonly body?: unknown
}

export type Answered = Awaited<ReturnType<typeof ask>>

type Api = ReturnType<typeof buildApi>

/** An app that remembers nothing; `over` puts something else in the place of a part. */
export function newApi(over: Partial<ApiEnv> = {}) {
  const app = buildApi()
  return {
    get: (path: string, asked: Asked = {}) => ask(app, 'GET', path, asked, over),
    post: (path: string, asked: Asked = {}) => ask(app, 'POST', path, asked, over),
    ask: (method: string, path: string, asked: Asked = {}) => ask(app, method, path, asked, over),
  }
}

async function ask(app: Api, method: string, path: string, asked: Asked, over: Partial<ApiEnv>) {
  const headers = new Headers(asked.headers)
  if (asked.key !== undefined) headers.set('Authorization', `Bearer ${asked.key}`)
  const request = new Request(`https://waybill.test${path}`, { method, headers, ...bodyOf(asked.body) })
  const ctx = createExecutionContext()
  const response = await app.fetch(request, { ...apiEnv(), ...over }, ctx)
  const text = response.webSocket === null && !isPage(response) ? await response.text() : ''
  await waitOnExecutionContext(ctx)
  const body = JSON.parse(text === '' ? 'null' : text)
  await holdAgainstDocument(method, new URL(request.url).pathname, response, body)
  return { status: response.status, headers: response.headers, body, response }
}

export function apiEnv(): ApiEnv {
  const { TRANSFER, SIGNER, CHAIN, DB, ARCHIVE, CHAINS } = env
  return {
    TRANSFER,
    SIGNER,
    CHAIN,
    DB,
    ARCHIVE,
    CHAINS,
    submit: (message) => submitAtOnce(env, message),
    takesPrivate: (chain) => takesPrivate(env.RPC_ENDPOINTS, chain),
  }
}

function bodyOf(body: unknown): { body?: BodyInit } {
  if (body === undefined) return {}
  if (typeof body === 'string' || body instanceof Uint8Array || body instanceof ReadableStream)
    return { body }
  return { body: JSON.stringify(body) }
}

function isPage(response: Response): boolean {
  return response.headers.get('Content-Type')?.startsWith('text/html') ?? false
}

/** A tenant with a name of its own, so that no test sees what another one left. */
export async function newTenant(): Promise<TenantId> {
  const id = `t${crypto.randomUUID().slice(0, 8)}`
  assert(isTenantId(id), 'a tenant')
  await env.DB.prepare('INSERT INTO tenants VALUES (?, ?, ?)').bind(id, `Tenant ${id}`, 1).run()
  return id
}

export async function newKey(tenant: TenantId, role: Role, revokedAt: number | null = null): Promise<string> {
  const key = formatApiKey(tenant, randomBytes(10), randomBytes(32))
  const [, , id] = key.split('_')
  await env.DB.prepare('INSERT INTO api_keys VALUES (?, ?, ?, ?, ?, ?, ?)')
    .bind(id, tenant, hashApiKey(key), role, 'standard', 1, revokedAt)
    .run()
  return key
}

/** A new account each time: an account has one tenant. No key of it exists, so nothing of it is ever signed. */
export async function newSigner(tenant: TenantId, chain: string = TEST_CHAIN): Promise<string> {
  const address = `0x${randomBytes(20).toHex()}`
  await env.DB.prepare('INSERT INTO signers VALUES (?, ?, ?, ?, ?)')
    .bind(chain, address, tenant, 'plain', 1)
    .run()
  return address
}

/** Puts signers into a pool, as an operator does. */
export async function joinPool(name: string, members: readonly string[], chain: string = TEST_CHAIN) {
  for (const address of members)
    await env.DB.prepare('INSERT INTO pool_members VALUES (?, ?, ?, ?)').bind(chain, address, name, 1).run()
}

/** A tenant that can post, with a request that is good. */
export async function newCaller() {
  const tenant = await newTenant()
  const key = await newKey(tenant, 'operator')
  const from = await newSigner(tenant)
  const action = { type: 'native', to: `0x${'70'.repeat(20)}`, amount: '1000' }
  const body = { chain: TEST_CHAIN, from, action }
  return { tenant, key, from, body }
}

function randomBytes(length: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(length))
}

type Caller = Awaited<ReturnType<typeof newCaller>>

/** A key of each role; the caller's own is an operator's. */
export async function keysByRole({ tenant, key }: Caller): Promise<Record<Role, string>> {
  return { viewer: await newKey(tenant, 'viewer'), operator: key, admin: await newKey(tenant, 'admin') }
}

export const newKeyOfCommand = () => ({ 'Idempotency-Key': crypto.randomUUID() })

/** Posts the caller's transfer, with these changes. */
export function postBy({ key, body }: Caller, changes: object, headers: Record<string, string>) {
  return newApi().post('/v1/transfers', { key, headers, body: { ...body, ...changes } })
}
