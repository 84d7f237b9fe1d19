// What our bids would have known before each block of a run: the product's own reading of the blocks before it.

import type { BlockFees } from '../../src/shared/fees/block-fees.ts'
import { HISTORY_MOST_BLOCKS } from '../../src/shared/fees/fee-history.ts'
import { type BaseFeeMarket, readMarket } from '../../src/shared/fees/fee-market.ts'
import { assertDefined } from '../../src/shared/lib/assert.ts'
import type { SetBlock } from './fee-sets.ts'

/** Blocks of a history that are kept with its market: bids look at the tips of no more, and all of them would not fit in memory. */
const KEPT_BLOCKS = 20

export class Markets {
  readonly #blocks: readonly BlockFees[]
  readonly #known = new Map<number, BaseFeeMarket>()

  constructor(run: readonly SetBlock[]) {
    this.#blocks = run.map(({ number, baseFee, gas, lowestTip }) => {
      const gas_ratio = gas === null ? null : Number(gas.used) / Number(gas.limit)
      return { number, base_fee: baseFee, gas_ratio, tips: lowestTip === null ? [] : [lowestTip] }
    })
  }

  /** Before the block at this place; its own base fee is known, since it follows from the one before. */
  before(at: number): BaseFeeMarket {
    const known = this.#known.get(at)
    if (known !== undefined) return known
    const history = this.historyBefore(at)
    const market = {
      ...readMarket(history),
      history: { ...history, blocks: history.blocks.slice(-KEPT_BLOCKS) },
    }
    this.#known.set(at, market)
    return market
  }

  historyBefore(at: number) {
    return {
      blocks: this.#blocks.slice(Math.max(0, at - HISTORY_MOST_BLOCKS), at),
      next_base_fee: assertDefined(this.#blocks[at], `block ${at} of the run`).base_fee,
    }
  }
}
