// GET /v1/me: who the key belongs to and what it may do.

import { ok } from '../../shared/lib/result.ts'
import type { Me } from '../../shared/schema/api-service.ts'
import { jsonAnswer } from './answer.ts'
import { EXAMPLE_ME } from './openapi/examples.ts'
import type { Operation } from './operation.ts'
import { noQuery, readQuery } from './query.ts'

export const readMe: Operation = {
  name: 'readMe',
  method: 'get',
  path: '/v1/me',
  group: 'Account',
  summary: 'Who am I',
  description: 'The tenant, role and tier of the key that is sent.',
  query: noQuery,
  headers: [],
  answers: { 200: { description: 'You.', schema: 'Me', example: EXAMPLE_ME } },
  problems: ['unknown_field', 'duplicate_field'],
  role: 'viewer',
  handle: async ({ request, caller }) => {
    const query = readQuery(request, noQuery)
    if (!query.ok) return query
    const answer: Me = {
      tenant: { id: caller.tenant, name: caller.tenantName },
      key: { id: caller.key, role: caller.role, tier: caller.tier },
    }
    return ok(jsonAnswer(answer))
  },
}
