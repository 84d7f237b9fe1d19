// The OpenAPI 3.1 document, made from the operations that are served: there is no second list of them.

import type { OpenAPIHono, RouteConfig } from '@hono/zod-openapi'
import type { z } from 'zod'
import { PROBLEMS, type ProblemCode } from '../../../shared/schema/problem.ts'
import type { ApiEnv } from '../env.ts'
import { IDEMPOTENCY_KEY_MAX_CHARACTERS } from '../idempotency-key.ts'
import type { AnswerDocs, HeaderName, Operation } from '../operation.ts'
import { ABOUT, GROUPS } from './about.ts'
import { componentSchemas, componentUri, inlineSchema } from './components.ts'

export type ApiApp = OpenAPIHono<{ Bindings: ApiEnv }>
export type OpenApiDocument = ReturnType<ApiApp['getOpenAPI31Document']>

/** The version of the contract: grows by fields and operations, /v1 stays. */
const CONTRACT_VERSION = '1.0.0'

const PATH_PARAMETERS: Readonly<Record<string, { readonly schema: string; readonly description: string }>> = {
  id: { schema: 'TransferId', description: 'The id of the transfer.' },
  chain: { schema: 'ChainId', description: 'CAIP-2 id of the chain.' },
  address: { schema: 'Address', description: 'The account of the signer.' },
  seq: { schema: 'Seq', description: 'The position of a record in the log, from 1.' },
}

const REQUEST_HEADERS = {
  'Idempotency-Key': {
    required: true,
    description: 'Your name for this command, bare or in double quotes. Another tenant may use the same.',
    schema: {
      type: 'string' as const,
      minLength: 1,
      maxLength: IDEMPOTENCY_KEY_MAX_CHARACTERS,
      examples: ['8e03978e-40d5-43e8-bc93-6894a57f9324'],
    },
  },
  'If-None-Match': {
    required: false,
    description: 'The ETag that you have; answers 304 when it is still the one.',
    schema: { type: 'string' as const, examples: ['W/"6"'] },
  },
  'Sec-WebSocket-Protocol': {
    required: false,
    description: '`waybill.v1`, and in a browser `bearer.` with the key.',
    schema: { type: 'string' as const, examples: ['waybill.v1, bearer.wb_acme_k3yid2abcdefghij_...'] },
  },
}

const ANSWER_HEADERS: Readonly<Record<HeaderName, string>> = {
  Location: 'Address of the transfer.',
  ETag: 'The seq of the transfer, as a weak tag.',
  Link: 'The next page, rel="next".',
  'Idempotent-Replayed': '`true` where the transfer was there before.',
  'Sec-WebSocket-Protocol': '`waybill.v1` where it was offered.',
}

export function describeOperations(app: ApiApp, operations: readonly Operation[]): void {
  for (const [name, schema] of Object.entries(componentSchemas())) {
    app.openAPIRegistry.registerComponent('schemas', name, schema as Record<string, unknown>)
  }
  app.openAPIRegistry.registerComponent('securitySchemes', 'apiKey', {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'wb_{tenant}_{id}_{secret}',
    description: 'An API key. Roles: viewer reads, operator also posts and cancels, admin also manages.',
  })
  for (const operation of operations) app.openAPIRegistry.registerPath(routeConfig(operation))
}

export function openApiDocument(app: ApiApp): OpenApiDocument {
  return app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Waybill',
      version: CONTRACT_VERSION,
      description: ABOUT,
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    servers: [{ url: '/' }],
    tags: Object.entries(GROUPS).map(([name, description]) => ({ name, description })),
  })
}

function routeConfig(operation: Operation): RouteConfig {
  return {
    operationId: operation.name,
    method: operation.method,
    path: operation.path,
    tags: [operation.group],
    summary: operation.summary,
    description: operation.description,
    security: operation.role === null ? [] : [{ apiKey: [] }],
    ...(operation.role === null ? {} : { 'x-waybill-role': operation.role }),
    parameters: parametersOf(operation),
    ...(operation.body === undefined ? {} : { request: { body: bodyOf(operation.body) } }),
    responses: responsesOf(operation),
  }
}

export function parametersOf(operation: Operation) {
  const inPath = [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
    in: 'path' as const,
    name,
    required: true,
    description: PATH_PARAMETERS[name]?.description ?? '',
    schema: reference(PATH_PARAMETERS[name]?.schema ?? name),
  }))
  const inQuery = Object.entries(operation.query.shape).map(([name, schema]) => queryParameter(name, schema))
  const inHeader = operation.headers.map((name) => ({
    in: 'header' as const,
    name,
    ...REQUEST_HEADERS[name],
  }))
  return [...inPath, ...inQuery, ...inHeader]
}

function queryParameter(name: string, schema: z.core.$ZodType) {
  const { description = '', ...json } = inlineSchema(schema as z.ZodType)
  return { in: 'query' as const, name, required: false, description, schema: json as Record<string, unknown> }
}

/** `required`: without it the library, and some clients, take a request without a body for a valid one. */
function bodyOf(body: NonNullable<Operation['body']>) {
  const examples = Object.fromEntries(Object.entries(body.examples).map(([name, value]) => [name, { value }]))
  return { required: true, content: { 'application/json': { schema: reference(body.schema), examples } } }
}

function responsesOf(operation: Operation): RouteConfig['responses'] {
  const answers = Object.entries(operation.answers).map(([status, answer]) => [status, answerOf(answer)])
  return { ...Object.fromEntries(answers), ...problemsOf(problemsOfOperation(operation)) }
}

/** Each operation can also be asked by nobody, by too small a key, at a bad moment, or find a mistake of ours. */
export function problemsOfOperation(operation: Operation): readonly ProblemCode[] {
  const ofKey: readonly ProblemCode[] =
    operation.role === null ? [] : ['unauthenticated', 'invalid_key', 'forbidden', 'unavailable']
  return [...operation.problems, ...ofKey, 'internal']
}

function answerOf(answer: AnswerDocs) {
  const { description, schema, example, mediaType = 'application/json', headers = [] } = answer
  const content = {
    ...(schema === undefined ? {} : { schema: reference(schema) }),
    ...(example === undefined ? {} : { example }),
  }
  return {
    description,
    headers: Object.fromEntries([
      ...headers.map((name) => [name, { description: ANSWER_HEADERS[name], schema: { type: 'string' } }]),
      ['X-Request-Id', { description: 'Names this request in our logs.', schema: { type: 'string' } }],
    ]),
    ...(schema === undefined && answer.mediaType === undefined ? {} : { content: { [mediaType]: content } }),
  }
}

function problemsOf(codes: readonly ProblemCode[]) {
  const byStatus = Map.groupBy(codes, (code) => PROBLEMS[code].status)
  return Object.fromEntries(
    [...byStatus].map(([status, group]) => [
      status,
      {
        description: group.map((code) => `\`${code}\`: ${PROBLEMS[code].title}.`).join('\n\n'),
        content: {
          'application/problem+json': {
            schema: reference('Problem'),
            examples: Object.fromEntries(group.map((code) => [code, { value: problemExample(code) }])),
          },
        },
      },
    ]),
  )
}

function problemExample(code: ProblemCode) {
  const { status, title, help } = PROBLEMS[code]
  return {
    type: `/docs#${code}`,
    title,
    status,
    detail: title,
    help,
    instance: '/v1/transfers',
    code,
    request_id: '7c1f3f7e-5b2c-4f6a-9a53-0b8f6f0f4b11',
  }
}

function reference(name: string) {
  return { $ref: componentUri(name) }
}
