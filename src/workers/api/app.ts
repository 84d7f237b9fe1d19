// The HTTP API: mounts the operations, and is the one place where outcomes, problems and surprises become responses.

import { OpenAPIHono } from '@hono/zod-openapi'
import type { Context, Hono } from 'hono'
import { logEvent } from '../../shared/adapters/json-log.ts'
import { err } from '../../shared/lib/result.ts'
import type { ProblemCode } from '../../shared/schema/problem.ts'
import { withoutApiKeys } from '../../shared/tenancy/api-key.ts'
import { authenticate, authorize, bearerKey, socketKey } from './authenticate.ts'
import { isTemporary } from './dependency.ts'
import { discardBody } from './discard-body.ts'
import { docsPage } from './docs/operation.ts'
import type { ApiEnv } from './env.ts'
import { createIsolate, type Isolate } from './isolate.ts'
import { type ApiApp, describeOperations, openApiDocument } from './openapi/document.ts'
import { openApi } from './openapi/operation.ts'
import type { Call, Operation, Outcome } from './operation.ts'
import { OPERATIONS } from './operations.ts'
import { type Problem, problem, problemResponse } from './problem.ts'

type Api = Hono<{ Bindings: ApiEnv }>
type ApiContext = Context<{ Bindings: ApiEnv }>

/** Seconds. An object that is reset or overloaded is back within this. */
const RETRY_AFTER_S = '1'

/** HEAD reaches the routes as GET. */
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

let isolateApi: Api | null = null

/** The one app of this isolate. */
export function createApi(): Api {
  isolateApi ??= buildApi()
  return isolateApi
}

/** A new app that remembers nothing. */
export function buildApi(): Api {
  const app: ApiApp = new OpenAPIHono<{ Bindings: ApiEnv }>()
  const isolate = createIsolate()
  const document = once(() => {
    describeOperations(app, operations)
    return openApiDocument(app)
  })
  const operations: readonly Operation[] = [...OPERATIONS, openApi(document), docsPage(() => operations)]
  for (const operation of operations) mount(app, operation, isolate)
  mountOtherMethods(app, operations)
  app.notFound((c) => refuse(c, 'route_not_found', 'This path leads nowhere.'))
  app.onError((error, c) => {
    const requestId = crypto.randomUUID()
    return named(problemResponse(surprise(error, c.req.path, requestId), c.req.raw, requestId), requestId)
  })
  return app
}

function mount(app: Api, operation: Operation, isolate: Isolate): void {
  app.on(operation.method, honoPath(operation.path), async (c) => {
    const requestId = crypto.randomUUID()
    const call: Call = {
      request: c.req.raw,
      env: c.env,
      isolate,
      param: (name) => c.req.param(name) ?? '',
      later: (work) => c.executionCtx.waitUntil(work),
    }
    const outcome = await run(operation, call).catch((error: unknown) =>
      err(surprise(error, operation.name, requestId)),
    )
    const response = outcome.ok ? outcome.value : problemResponse(outcome.error, call.request, requestId)
    await discardBody(call.request)
    return named(response, requestId)
  })
}

async function run(operation: Operation, call: Call): Promise<Outcome> {
  if (operation.role === null) return operation.handle(call)
  const key = operation.isSocket === true ? socketKey(call.request) : bearerKey(call.request)
  const caller = await authenticate(call, key)
  if (!caller.ok) return caller
  const refusal = authorize(caller.value, operation.role)
  return refusal === null ? operation.handle({ ...call, caller: caller.value }) : err(refusal)
}

/** Each path says what it takes. HEAD is answered as GET without a body. */
function mountOtherMethods(app: Api, operations: readonly Operation[]): void {
  for (const [path, group] of Map.groupBy(operations, (operation) => operation.path)) {
    const taken = group.map(({ method }) => method.toUpperCase())
    const others = METHODS.filter((method) => !taken.includes(method))
    const allow = (taken.includes('GET') ? [...taken, 'HEAD'] : taken).join(', ')
    app.on(others, honoPath(path), (c) =>
      refuse(c, 'method_not_allowed', `${c.req.method} is not taken here.`, { Allow: allow }),
    )
  }
}

/** What nobody expected: told to us by its name and words, to the caller by its request id. */
function surprise(error: unknown, operation: string, requestId: string): Problem {
  const cause = error instanceof Error && error.cause !== undefined ? { cause: words(error.cause) } : {}
  const fields = { request_id: requestId, operation, error: words(error), ...cause }
  if (isTemporary(error)) {
    logEvent('warn', 'api.unavailable', fields)
    const headers = { 'Retry-After': RETRY_AFTER_S }
    return problem('unavailable', 'A part that is needed did not answer.', { headers })
  }
  logEvent('error', 'api.internal', fields)
  return problem('internal', 'The request could not be finished.')
}

/** An error may quote the request that it came from. */
function words(error: unknown): string {
  return withoutApiKeys(String(error))
}

async function refuse(
  c: ApiContext,
  code: ProblemCode,
  detail: string,
  headers: Record<string, string> = {},
): Promise<Response> {
  const requestId = crypto.randomUUID()
  await discardBody(c.req.raw)
  return named(problemResponse(problem(code, detail, { headers }), c.req.raw, requestId), requestId)
}

function named(response: Response, requestId: string): Response {
  response.headers.set('X-Request-Id', requestId)
  return response
}

function honoPath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1')
}

/** Most isolates never show the document. */
function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | null = null
  return () => {
    made ??= { value: make() }
    return made.value
  }
}
