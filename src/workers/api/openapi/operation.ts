// GET /openapi.json.

import { ok } from '../../../shared/lib/result.ts'
import { jsonText } from '../answer.ts'
import type { Operation } from '../operation.ts'
import { noQuery } from '../query.ts'
import type { OpenApiDocument } from './document.ts'

export function openApi(document: () => OpenApiDocument): Operation {
  let text: string | null = null
  return {
    name: 'openApi',
    method: 'get',
    path: '/openapi.json',
    group: 'Service',
    summary: 'This document',
    description: 'OpenAPI 3.1.',
    query: noQuery,
    headers: [],
    answers: { 200: { description: 'The document.', mediaType: 'application/json' } },
    problems: [],
    role: null,
    handle: () => {
      text ??= JSON.stringify(document())
      return ok(jsonText(text, 200, { 'Cache-Control': 'no-cache' }))
    },
  }
}
