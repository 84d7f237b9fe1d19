// What a signer knows of prices to wait for: asked of the chain's object where a step waits that may wait, and not where
// somebody is in a hurry.

import type { ChainPolicy } from '../../shared/chain/policy.ts'
import type { FeeGuide } from '../../shared/fees/fee-guide.ts'
import { addMs, type UnixMs } from '../../shared/lib/time.ts'
import { isPatient } from '../../shared/signer/plan/candidates.ts'
import type { SignerState } from '../../shared/signer/state/state.ts'

/** Of a block's time: what was asked within it is of the same block. */
const SAME_BLOCK_SHARE = 0.5

export type PriceLookDeps = {
  readonly now: () => UnixMs
  /** Up to which prices those go who may wait; null: nobody knows, and nobody waits. */
  readonly feeGuide: (policy: ChainPolicy) => Promise<FeeGuide | null>
}

export class PriceLook {
  readonly #deps: PriceLookDeps
  #last: { readonly guide: FeeGuide | null; readonly at: UnixMs } | null = null

  constructor(deps: PriceLookDeps) {
    this.#deps = deps
  }

  /** As of the latest look; null: nobody knows. */
  get guide(): FeeGuide | null {
    return this.#last?.guide ?? null
  }

  /** Once for each block, however many plans there are. */
  async look({ pool }: SignerState, policy: ChainPolicy): Promise<void> {
    let isWanted = false
    for (const step of pool.values()) {
      // Nobody who is in a hurry is kept by the question.
      if (step.speed === 'fast' && step.held === null) return
      isWanted ||= isPatient(step, policy.price_waits ?? 'all')
    }
    const now = this.#deps.now()
    const isFresh = this.#last !== null && now < addMs(this.#last.at, SAME_BLOCK_SHARE * policy.block_time_ms)
    if (!isWanted || isFresh) return
    this.#last = { guide: await this.#deps.feeGuide(policy), at: now }
  }
}
