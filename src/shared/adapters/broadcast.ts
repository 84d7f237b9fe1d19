// Hands signed attempts to a chain's endpoints, once each and in nonce order: a node that sees a gap may refuse what
// comes after it. Nothing is retried here; what an answer means is the signer's affair.

import type { BroadcastClass, BroadcastOutcome } from '../broadcast/outcome.ts'
import type { ChainNode } from '../ports/chain-node.ts'
import type { AttemptOutcome, SignedAttempt } from '../signer/attempt.ts'

export async function broadcastAttempts(
  nodes: readonly ChainNode[],
  attempts: readonly SignedAttempt[],
): Promise<readonly AttemptOutcome[]> {
  const outcomes: AttemptOutcome[] = []
  let order: Order = { clear: nodes, unclear: [] }
  for (const attempt of attempts) {
    const told = attempt.isRepeat ? await toAll(order, attempt) : await toFirst(order, attempt)
    order = after(order, told)
    const outcome = weightiest(told.map(({ outcome }) => outcome))
    if (outcome !== null) outcomes.push({ hash: attempt.hash, ...outcome })
  }
  return outcomes
}

/** `unclear`: gave no clear answer a moment ago. One that hangs must not cost every attempt its time, so it comes last. */
type Order = { readonly clear: readonly ChainNode[]; readonly unclear: readonly ChainNode[] }
type Told = { readonly node: ChainNode; readonly outcome: BroadcastOutcome }

/** The next endpoint is asked while none has the bytes. */
async function toFirst({ clear, unclear }: Order, { raw, hash }: SignedAttempt): Promise<readonly Told[]> {
  const told: Told[] = []
  for (const node of [...clear, ...unclear]) {
    const outcome = await node.broadcast(raw, hash)
    told.push({ node, outcome })
    if (isTaken(outcome)) break
  }
  return told
}

/** Bytes that were handed out and are in no block yet: whoever took them may have passed them on to nobody. */
function toAll({ clear, unclear }: Order, { raw, hash }: SignedAttempt): Promise<readonly Told[]> {
  const asked = clear.length > 0 ? clear : unclear
  return Promise.all(asked.map(async (node) => ({ node, outcome: await node.broadcast(raw, hash) })))
}

function after({ clear, unclear }: Order, told: readonly Told[]): Order {
  const late = told.filter(({ outcome }) => outcome.class === 'unclear').map(({ node }) => node)
  const isLate = (node: ChainNode) => late.includes(node)
  return { clear: clear.filter((node) => !isLate(node)), unclear: [...new Set([...unclear, ...late])] }
}

/** One that has the bytes; else one that may have them, which no refusal of another takes back; else the first. */
function weightiest(told: readonly BroadcastOutcome[]): BroadcastOutcome | null {
  const isUnclear = (outcome: BroadcastOutcome) => outcome.class === 'unclear'
  return told.find(isTaken) ?? told.find(isUnclear) ?? told[0] ?? null
}

function isTaken({ class: told }: { readonly class: BroadcastClass }): boolean {
  return told === 'accepted' || told === 'known'
}
