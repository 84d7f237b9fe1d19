// A problem as a value, and its one way to the wire. What it says of the occurrence never holds a secret, a stack or
// an address of ours.

import {
  type FailingPart,
  type FieldFault,
  PROBLEMS,
  type ProblemCode,
  type ProblemDocument,
} from '../../shared/schema/problem.ts'
import { COMMON_HEADERS } from './answer.ts'

export type Problem = {
  readonly code: ProblemCode
  /** What happened this time. */
  readonly detail: string
  readonly errors?: readonly FieldFault[]
  readonly parts?: readonly FailingPart[]
  readonly headers?: Readonly<Record<string, string>>
}

export function problem(
  code: ProblemCode,
  detail: string,
  more: Omit<Problem, 'code' | 'detail'> = {},
): Problem {
  return { code, detail, ...more }
}

export function problemResponse(fault: Problem, request: Request, requestId: string): Response {
  const { status, title, help } = PROBLEMS[fault.code]
  const document: ProblemDocument = {
    type: `/docs#${fault.code}`,
    title,
    status,
    detail: fault.detail,
    help,
    instance: new URL(request.url).pathname,
    code: fault.code,
    request_id: requestId,
    ...(fault.errors === undefined ? {} : { errors: [...fault.errors] }),
    ...(fault.parts === undefined ? {} : { parts: [...fault.parts] }),
  }
  return new Response(JSON.stringify(document), {
    status,
    headers: { ...COMMON_HEADERS, ...fault.headers, 'Content-Type': 'application/problem+json' },
  })
}
