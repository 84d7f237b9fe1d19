// One horizon on one set: ours, the libraries and one who knows what comes, each from every block of it that has enough
// blocks before and behind it.

import { decideBid } from '../../src/shared/fees/bid-policy.ts'
import { NO_CAPS } from '../../src/shared/fees/fee-caps.ts'
import { defaultOffer, LIBRARIES, replacing } from '../../src/shared/fees/library-offers.ts'
import { type Offer, paidIn, withoutTips } from '../../src/shared/fees/paid-in.ts'
import { assertDefined } from '../../src/shared/lib/assert.ts'
import type { Speed } from '../../src/shared/transfer/request.ts'
import type { FeeSet, SetBlock } from './fee-sets.ts'
import type { Markets } from './markets.ts'

/** Blocks that are known before the first bid, as a chain's object would know more. */
export const KNOWN_BLOCKS = 100
/** Blocks after the horizon in which a bid that is late is looked for, before it counts as the last of them. */
const LATE_BLOCKS = 50

export type Horizon = { readonly speed: Speed; readonly blocks: number }

export const BIDDERS = ['ours', ...LIBRARIES, 'clairvoyant'] as const
export type Bidder = (typeof BIDDERS)[number]

export type Tally = {
  starts: number
  inTime: number /** Wei per unit of gas, summed. */
  paid: number
  replacements: number
}
export type Comparison = Readonly<Record<Bidder, Tally>>

type Run = { readonly blocks: readonly SetBlock[]; readonly markets: Markets; readonly hasTips: boolean }
/** Decides before the block at `at`, with the bid that already stands. Null: none stands. */
type Bid = (at: number, left: number, standing: Offer | null) => Offer | null

export function compare(
  set: FeeSet,
  markets: readonly Markets[],
  { speed, blocks: horizon }: Horizon,
): Comparison {
  const tallies: Record<Bidder, Tally> = {
    ours: emptyTally(),
    viem: emptyTally(),
    ethers: emptyTally(),
    geth: emptyTally(),
    clairvoyant: emptyTally(),
  }
  for (const [index, blocks] of set.runs.entries()) {
    const run = {
      blocks,
      markets: assertDefined(markets[index], 'markets of a run'),
      hasTips: blocks.some(({ lowestTip }) => lowestTip !== null),
    }
    for (let start = KNOWN_BLOCKS; start + horizon <= blocks.length; start++) {
      follow(run, start, horizon, ourBid(run, speed), tallies.ours)
      for (const library of LIBRARIES) follow(run, start, horizon, libraryBid(run, library), tallies[library])
      tallies.clairvoyant.starts += 1
      tallies.clairvoyant.inTime += 1
      tallies.clairvoyant.paid += lowest(blocks, start, horizon)
    }
  }
  return tallies
}

function emptyTally(): Tally {
  return { starts: 0, inTime: 0, paid: 0, replacements: 0 }
}

function ourBid({ markets, hasTips }: Run, speed: Speed): Bid {
  return (at, left, standing) => {
    if (standing !== null) return standing
    const decision = decideBid(markets.before(at), speed, Math.max(1, left), NO_CAPS)
    if (decision.do !== 'go') return null
    const offer = { most: decision.max_fee_per_gas, tip: decision.max_priority_fee_per_gas }
    return hasTips ? offer : withoutTips(offer)
  }
}

/** A library's user bids anew for each block that did not take the bid before, as those do who watch over it. */
function libraryBid({ blocks, hasTips }: Run, library: (typeof LIBRARIES)[number]): Bid {
  return (at, _left, standing) => {
    const offer = defaultOffer(library, blocks.slice(Math.max(0, at - KNOWN_BLOCKS), at))
    const fresh = hasTips ? offer : withoutTips(offer)
    return standing === null ? fresh : replacing(standing, fresh)
  }
}

function follow({ blocks }: Run, start: number, horizon: number, bid: Bid, tally: Tally): void {
  const end = Math.min(blocks.length, start + horizon + LATE_BLOCKS)
  let standing: Offer | null = null
  let paid: bigint | null = null
  let at = start
  for (; at < end; at++) {
    const offer = bid(at, start + horizon - at, standing)
    if (offer !== null && standing !== null && offer !== standing) tally.replacements += 1
    standing = offer
    const block = assertDefined(blocks[at], `block ${at} of the run`)
    paid = standing === null ? null : paidIn(block, standing)
    if (paid !== null) break
  }
  tally.starts += 1
  if (paid !== null && at < start + horizon) tally.inTime += 1
  tally.paid += Number(paid ?? blocks[end - 1]?.baseFee ?? 0n)
}

/** He pays no tip but what the block asks for. */
function lowest(blocks: readonly SetBlock[], start: number, horizon: number): number {
  const prices = blocks
    .slice(start, start + horizon)
    .map(({ baseFee, lowestTip }) => Number(baseFee + (lowestTip ?? 0n)))
  return Math.min(...prices)
}
