// One operation of the API: what the document says of it and what runs, in one place, so that neither is without the
// other. `role` is not optional: an operation that forgot to ask for a key does not compile.

import type { z } from 'zod'
import type { Result } from '../../shared/lib/result.ts'
import type { ProblemCode } from '../../shared/schema/problem.ts'
import type { Role } from '../../shared/tenancy/role.ts'
import type { Caller } from './caller.ts'
import type { ApiEnv } from './env.ts'
import type { Isolate } from './isolate.ts'
import type { ComponentName } from './openapi/components.ts'
import type { Problem } from './problem.ts'

/** What every operation gets. */
export type Call = {
  readonly request: Request
  readonly env: ApiEnv
  readonly isolate: Isolate
  /** A part of the path, as it was decoded. */
  readonly param: (name: string) => string
  /** Keeps the isolate alive for work that nobody waits for. */
  readonly later: (work: Promise<unknown>) => void
}

/** A call by somebody who has proved who they are. */
export type TenantCall = Call & { readonly caller: Caller }

export type Outcome = Result<Response, Problem>

export type Group = 'Transfers' | 'Chains and signers' | 'Account' | 'Service'

export type AnswerDocs = {
  readonly description: string
  readonly schema?: ComponentName
  /** Other than application/json. */
  readonly mediaType?: string
  readonly headers?: readonly HeaderName[]
  readonly example?: unknown
}

export type HeaderName = 'Location' | 'ETag' | 'Link' | 'Idempotent-Replayed' | 'Sec-WebSocket-Protocol'

export type OperationDocs = {
  /** operationId; stays the same, clients are generated from it. */
  readonly name: string
  readonly method: 'get' | 'post'
  /** As OpenAPI writes it. */
  readonly path: string
  readonly group: Group
  readonly summary: string
  readonly description: string
  /** What may stand after the question mark. Nothing else is taken. */
  readonly query: z.ZodObject
  readonly headers: readonly ('Idempotency-Key' | 'If-None-Match' | 'Sec-WebSocket-Protocol')[]
  readonly body?: { readonly schema: ComponentName; readonly examples: Readonly<Record<string, unknown>> }
  readonly answers: Readonly<Record<number, AnswerDocs>>
  /** Beside those that any operation can give. */
  readonly problems: readonly ProblemCode[]
}

export type Operation = OperationDocs &
  (
    | { readonly role: null; readonly handle: (call: Call) => Promise<Outcome> | Outcome }
    | {
        readonly role: Role
        readonly handle: (call: TenantCall) => Promise<Outcome>
        /** The key may come in Sec-WebSocket-Protocol: a browser can send a socket no other header. */
        readonly isSocket?: true
      }
  )
