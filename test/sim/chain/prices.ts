// What gas costs in a history, what its deployment lets be bid for it, and what its signers are told of it.

import type { AccountCaps } from '../../../src/shared/fees/fee-caps.ts'
import type { FeeGuide } from '../../../src/shared/fees/fee-guide.ts'
import { WAIT_MOST_BLOCKS } from '../../../src/shared/fees/go-prices.ts'
import type { Speed } from '../../../src/shared/transfer/request.ts'
import type { Chance, Stream } from '../chance.ts'
import { CALM_BASE_FEE } from './chain.ts'

export type PricePlan = {
  /** The base fee goes up and down with each block, by an eighth at most. */
  readonly isMoving: boolean
  readonly caps: AccountCaps
  /** `fair`: who may wait goes at what is usual. `hopeful`: a cheaper block is always expected, so that all that may wait do. */
  readonly outlook: 'unknown' | 'fair' | 'hopeful'
}

const QUIET: PricePlan = { isMoving: false, caps: { signer: null, chain: null }, outlook: 'unknown' }

/** Of histories: in the others the base fee stands still but for spikes, and nobody caps or waits. */
const PRICED_RATE = 0.35
const WEI_PER_GWEI = 1_000_000_000
/** Wei per unit of gas. A calm market is within every cap: all has to end. */
const CAP_LEAST = 12
const CAP_MOST = 60
const CAPPED_RATE = 0.6
export function planPrices(stream: Stream): PricePlan {
  if (!stream.happens(PRICED_RATE)) return QUIET
  const cap = () => {
    const most = BigInt(stream.between(CAP_LEAST, CAP_MOST))
    return stream.happens(CAPPED_RATE) ? most : null
  }
  return {
    isMoving: stream.happens(0.7),
    caps: { signer: cap(), chain: cap() },
    outlook: stream.pick(['unknown', 'fair', 'hopeful']),
  }
}

export function planSpeed(stream: Stream, { outlook }: PricePlan): Speed {
  return outlook === 'unknown' ? 'standard' : stream.pick<Speed>(['standard', 'standard', 'fast', 'economy'])
}

export class Prices {
  readonly #plan: PricePlan
  readonly #stream: Stream
  #walk = CALM_BASE_FEE

  constructor(plan: PricePlan, chance: Chance) {
    this.#plan = plan
    this.#stream = chance.stream('prices')
  }

  /** Of the next block, where there is no spike. */
  next(isCalm: boolean): bigint {
    if (!this.#plan.isMoving || isCalm) return CALM_BASE_FEE
    const [least, most] = [CALM_BASE_FEE / 2n, CALM_BASE_FEE * 4n]
    this.#walk += BigInt(this.#stream.between(-2, 2))
    if (this.#walk < least) this.#walk = least
    if (this.#walk > most) this.#walk = most
    return this.#walk
  }

  /** A wei here is a gwei to them: below that nobody waits for a cheaper block. */
  guide(baseFee: bigint): FeeGuide | null {
    const { outlook } = this.#plan
    if (outlook === 'unknown') return null
    const go = outlook === 'fair' ? Number(CALM_BASE_FEE) : 1
    return {
      next_base_fee: baseFee * BigInt(WEI_PER_GWEI),
      go_prices: Array.from({ length: WAIT_MOST_BLOCKS + 1 }, (_, left) =>
        left < 2 ? Number.POSITIVE_INFINITY : go * WEI_PER_GWEI,
      ),
      tip_certainty: 1,
    }
  }
}
