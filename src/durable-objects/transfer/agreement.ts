// What goes onto the queue with a transfer that agrees to be admitted.

import type { UnixMs } from '../../shared/lib/time.ts'
import type { Agreement } from '../../shared/schema/queue-messages.ts'
import type { BindAnswer } from '../../shared/transfer/decide.ts'

/** Null: its signer has to be chosen first. */
export function agreementOf(
  answer: Exclude<BindAnswer, { result: 'refused' }>,
  at: UnixMs,
): Agreement | null {
  if (answer.result === 'unbound') return null
  const { tenant, signer, key, request } = answer
  return { tenant, signer, generation: key.generation, request, at }
}
