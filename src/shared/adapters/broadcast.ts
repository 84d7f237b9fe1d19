// Hands signed attempts to a chain's endpoints, once each and in nonce order: a node that sees a gap may refuse what
// comes after it. Nothing is retried here; what an answer means is the signer's affair.

import type { BroadcastOutcome } from '../broadcast/outcome.ts'
import type { ChainNode } from '../ports/chain-node.ts'
import type { AttemptOutcome, SignedAttempt } from '../signer/attempt.ts'

export async function broadcastAttempts(
  nodes: readonly ChainNode[],
  attempts: readonly SignedAttempt[],
): Promise<readonly AttemptOutcome[]> {
  const outcomes: AttemptOutcome[] = []
  for (const attempt of attempts) {
    const outcome = await broadcastOne(nodes, attempt)
    if (outcome !== null) outcomes.push({ hash: attempt.hash, ...outcome })
  }
  return outcomes
}

/** The next endpoint is asked while none has the bytes; the first that took them is the answer. */
async function broadcastOne(
  nodes: readonly ChainNode[],
  { raw, hash }: SignedAttempt,
): Promise<BroadcastOutcome | null> {
  let first: BroadcastOutcome | null = null
  for (const node of nodes) {
    const outcome = await node.broadcast(raw, hash)
    if (outcome.class === 'accepted' || outcome.class === 'known') return outcome
    // Where bytes may have left, a later refusal by another endpoint takes nothing back.
    if (first === null || (first.class !== 'unclear' && outcome.class === 'unclear')) first = outcome
  }
  return first
}
