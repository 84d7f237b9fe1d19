// What a speed means: how long it may take, and how sure it has to be. Pure.

import type { Speed } from '../transfer/request.ts'
import { WAIT_MOST_BLOCKS } from './go-prices.ts'

export type SpeedPolicy = {
  /** Blocks in which it should be included, the next one counted. A deadline may leave fewer. */
  readonly blocks: number
  /** How likely it has to be included in them. */
  readonly probability: number
}

export const SPEED_POLICIES: Readonly<Record<Speed, SpeedPolicy>> = {
  /** Never waits for a price. Two blocks: to get into the next one for sure, tips would have to beat the odd block that took only high ones. */
  fast: { blocks: 2, probability: 0.99 },
  /** A minute of mainnet. */
  standard: { blocks: 5, probability: 0.995 },
  /** Twenty minutes of mainnet; more where the deadline gives more. */
  economy: { blocks: 100, probability: 0.999 },
}

/** Blocks between the decision and the first block that may have it: signing and the way to a builder take a part of one. */
const LANDING_BLOCKS = 1
/** Milliseconds: on fast chains signers look at themselves less often than there are blocks. */
const LANDING_LEAST_MS = 5_000

/** Milliseconds. `left`: until the deadline; null: there is none. `waited`: since it could first have gone. */
export type Patience = { readonly left: number | null; readonly waited: number; readonly blockTime: number }

/** Blocks in which it may still be included, the next one counted; at least that one, however late it is. */
export function blocksLeft(speed: Speed, { left, waited, blockTime }: Patience): number {
  const { blocks } = SPEED_POLICIES[speed]
  const landing = Math.max(LANDING_BLOCKS * blockTime, LANDING_LEAST_MS)
  const untilDeadline = left === null ? Number.POSITIVE_INFINITY : Math.floor((left - landing) / blockTime)
  // Economy with a deadline has all of it; without one it has its own, as the others have, counted from its beginning.
  const own =
    speed === 'economy' && left !== null ? WAIT_MOST_BLOCKS : blocks - Math.floor(waited / blockTime)
  return Math.max(1, Math.min(own, untilDeadline, WAIT_MOST_BLOCKS))
}
