// Hands signed attempts to a chain's endpoints in nonce order: a node that sees a gap may refuse what comes after it. First
// bytes go to the best endpoint and, as a copy, to a second one; nothing is retried here: what an answer means is the
// signer's affair.

import type { BroadcastClass, BroadcastOutcome } from '../broadcast/outcome.ts'
import type { ChainNode } from '../ports/chain-node.ts'
import { secondOf } from '../routing/order.ts'
import type { Visibility } from '../routing/visibility.ts'
import type { AttemptOutcome, SignedAttempt } from '../signer/state/attempt.ts'
import { realTimer, type Wait } from './routing/timer.ts'

/** Milliseconds for a copy once all else is done: what is under way ends with its invocation, but bytes leave at once. */
const COPY_WAITS_MS = 100

/** `nodesOf`: endpoints of that visibility that take transactions, best first; none: nothing leaves. */
export async function broadcastAttempts(
  nodesOf: (visibility: Visibility) => Promise<readonly ChainNode[]>,
  attempts: readonly SignedAttempt[],
  wait: Wait = realTimer,
): Promise<readonly AttemptOutcome[]> {
  // All are of one account. One that is private makes its whole line so.
  const isPrivate = attempts.some(({ visibility }) => visibility === 'private')
  const nodes = await nodesOf(isPrivate ? 'private' : 'public')
  const outcomes: AttemptOutcome[] = []
  const copies = new Copies(nodes)
  let order: Order = { clear: nodes, unclear: [] }
  for (const attempt of attempts) {
    const told = attempt.isRepeat ? await toAll(order, attempt) : await toFirst(order, copies, attempt)
    order = after(order, told)
    const outcome = weightiest(told.map(({ outcome }) => outcome))
    if (outcome !== null) outcomes.push({ hash: attempt.hash, ...outcome })
  }
  await copies.settled(wait)
  return outcomes
}

/** `unclear`: gave no clear answer a moment ago. One that hangs must not cost every attempt its time, so it comes last. */
type Order = { readonly clear: readonly ChainNode[]; readonly unclear: readonly ChainNode[] }
type Told = { readonly node: ChainNode; readonly outcome: BroadcastOutcome }

/** Copies of first bytes for the second endpoint: as long as it keeps pace with the first, for what it misses is a gap to it. */
class Copies {
  readonly #node: ChainNode | null
  #last: Promise<Told> | null = null
  #isBusy = false
  #isBehind = false

  constructor([best, ...others]: readonly ChainNode[]) {
    this.#node = best === undefined ? null : secondOf(best, others)
  }

  /** Null: it gets none. `best`: who gets the bytes themselves. */
  begin(best: ChainNode, { raw, hash }: SignedAttempt): Promise<Told> | null {
    const node = this.#node
    this.#isBehind ||= this.#isBusy || node === best
    if (node === null || this.#isBehind) return null
    this.#isBusy = true
    this.#last = node.broadcast(raw, hash).then((outcome) => {
      this.#isBusy = false
      this.#isBehind ||= outcome.class === 'unclear'
      return { node, outcome }
    })
    return this.#last
  }

  async settled(wait: Wait): Promise<void> {
    if (this.#last === null || !this.#isBusy) return
    const timer = wait(COPY_WAITS_MS)
    await Promise.race([this.#last, timer.done])
    timer.cancel()
  }
}

/** The copy counts only where the others do not have the bytes: then it is waited for before anybody else is asked. */
async function toFirst(
  { clear, unclear }: Order,
  copies: Copies,
  attempt: SignedAttempt,
): Promise<readonly Told[]> {
  const [best, ...others] = [...clear, ...unclear]
  if (best === undefined) return []
  const first = handed(best, attempt)
  const copy = copies.begin(best, attempt)
  const told = [await first]
  if (told.some(({ outcome }) => isTaken(outcome))) return told
  const copied = copy === null ? null : await copy
  if (copied !== null) told.push(copied)
  for (const node of others) {
    if (told.some(({ outcome }) => isTaken(outcome))) break
    if (node !== copied?.node) told.push(await handed(node, attempt))
  }
  return told
}

async function handed(node: ChainNode, { raw, hash }: SignedAttempt): Promise<Told> {
  return { node, outcome: await node.broadcast(raw, hash) }
}

/** Bytes that were handed out and are in no block yet: whoever took them may have passed them on to nobody. */
function toAll({ clear, unclear }: Order, attempt: SignedAttempt): Promise<readonly Told[]> {
  const asked = clear.length > 0 ? clear : unclear
  return Promise.all(asked.map((node) => handed(node, attempt)))
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
