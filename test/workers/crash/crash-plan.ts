// Where an object is to crash: at the Nth of its points, counted over all of its lives in a run. A point is a write to
// its storage or a call that leaves it. The plan knows nothing of what the product does: whoever runs it asks for N = 1,
// 2, 3 ... until a run ends without having come so far, and has then been everywhere.

/** Those with a log of their own. */
export const ACTORS = ['transfer', 'signer', 'chain'] as const
export type Actor = (typeof ACTORS)[number] | 'consumer'

/**
 * `torn`: at a write, before it is committed. `written`: at a write, once it is on disk and before anything that waited for
 * it. `unasked`: at a call, all before it on disk and the call not made. `unheard`: at a call that was made, before its
 * answer is heard.
 */
export const MOMENTS = ['torn', 'written', 'unasked', 'unheard'] as const
export type Moment = (typeof MOMENTS)[number]

export class CrashPlan {
  readonly actor: Actor
  readonly moment: Moment
  /** Where it crashes again: that many points later, in the life after. */
  readonly #again: number
  readonly #at: number
  #count = 0

  constructor(actor: Actor, moment: Moment, at: number, again = 0) {
    this.actor = actor
    this.moment = moment
    this.#at = at
    this.#again = again
  }

  /** Whether it came to its first crash. */
  get isReached(): boolean {
    return this.#count >= this.#at
  }

  /** True once for each crash: now. */
  isDue(actor: Actor, moments: readonly Moment[]): boolean {
    if (actor !== this.actor || !moments.includes(this.moment)) return false
    this.#count += 1
    return this.#count === this.#at || (this.#again > 0 && this.#count === this.#at + this.#again)
  }
}

/** A run: who crashes, and what its objects put onto the queues, which only the test delivers. */
export type Run = {
  readonly plan: CrashPlan | null
  readonly submissions: unknown[]
  readonly events: unknown[]
}

/** By chain, and by transfer. Of the isolate, which tests and objects share. */
export const runs = new Map<string, Run>()

/** `name`: of an object; a signer's begins with its chain. */
export function runOf(name: string | undefined): Run | null {
  return runs.get(name?.split('/')[0] ?? '') ?? null
}
