// The body of a command that needs none.

import { err, ok, type Result } from '../../../shared/lib/result.ts'
import { inputProblem } from '../input-fault.ts'
import { readJsonBody } from '../json-body.ts'
import type { Problem } from '../problem.ts'
import { noQuery } from '../query.ts'

/** Nothing, or an object without fields: some clients always send one. */
export async function readNoBody(request: Request): Promise<Result<null, Problem>> {
  const body = await readJsonBody(request)
  if (!body.ok) return body
  if (body.value === null) return ok(null)
  const parsed = noQuery.safeParse(body.value.value)
  return parsed.success ? ok(null) : err(inputProblem(parsed.error, body.value.value))
}
