// The OpenAPI document as a check: whatever the API answers must be in it.

import { createExecutionContext } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { z } from 'zod'
import { assert, assertDefined } from '../../../src/shared/lib/assert.ts'
import { buildApi } from '../../../src/workers/api/app.ts'

const content = z.looseObject({
  schema: z.object({ $ref: z.string() }).optional(),
  example: z.unknown().optional(),
  examples: z.record(z.string(), z.object({ value: z.unknown() })).optional(),
})
const response = z.looseObject({ content: z.record(z.string(), content).optional() })
const operation = z.looseObject({
  operationId: z.string(),
  summary: z.string(),
  security: z.array(z.unknown()),
  'x-waybill-role': z.enum(['viewer', 'operator', 'admin']).optional(),
  requestBody: z.looseObject({ required: z.boolean(), content: z.record(z.string(), content) }).optional(),
  responses: z.record(z.string(), response),
})
const schema = z.looseObject({
  type: z.unknown().optional(),
  examples: z.array(z.unknown()).optional(),
  properties: z.record(z.string(), z.looseObject({})).optional(),
})
const openApi = z.looseObject({
  openapi: z.string(),
  paths: z.record(z.string(), z.record(z.string(), operation)),
  components: z.looseObject({ schemas: z.record(z.string(), schema) }),
})

export type OpenApi = z.infer<typeof openApi>
export type DescribedOperation = z.infer<typeof operation>
export type DescribedContent = z.infer<typeof content>

let known: Promise<OpenApi> | null = null

export function openApiDocument(): Promise<OpenApi> {
  known ??= load()
  return known
}

async function load(): Promise<OpenApi> {
  const request = new Request('https://waybill.test/openapi.json')
  const answer = await buildApi().fetch(request, env, createExecutionContext())
  return openApi.parse(await answer.json())
}

const validators = new Map<string, z.ZodType>()

/** The schema behind a reference, made from nothing but the document. */
export function validator(document: OpenApi, reference: string): z.ZodType {
  const made = validators.get(reference)
  if (made !== undefined) return made
  const inDefs = (text: string) => text.replaceAll('#/components/schemas/', '#/$defs/')
  const $defs = JSON.parse(inDefs(JSON.stringify(document.components.schemas)))
  const fresh = z.fromJSONSchema({ $ref: inDefs(reference), $defs })
  validators.set(reference, fresh)
  return fresh
}

export async function holdAgainstDocument(
  method: string,
  path: string,
  answer: Response,
  body: unknown,
): Promise<void> {
  const document = await openApiDocument()
  const template = Object.keys(document.paths).find((candidate) =>
    new RegExp(`^${candidate.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path),
  )
  const described = document.paths[template ?? '']?.[method.toLowerCase()]
  if (described === undefined) {
    assert([404, 405].includes(answer.status), `${method} ${path} is not in the document: ${answer.status}`)
    return
  }
  const name = `${method} ${template} with ${answer.status}: ${JSON.stringify(body)}`
  const { content: contents = {} } = assertDefined(described.responses[String(answer.status)], name)
  assert(answer.headers.get('X-Request-Id') !== null, 'every answer has an X-Request-Id')
  if (body === null) return
  const { schema: form, examples = {} } = assertDefined(
    contents[answer.headers.get('Content-Type') ?? ''],
    name,
  )
  if (answer.status >= 400) assert(z.object({ code: z.string() }).parse(body).code in examples, name)
  if (form !== undefined) validator(document, form.$ref).parse(body)
}
