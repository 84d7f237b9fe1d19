// What common libraries would have paid for a transfer that went when it was asked for, on the blocks that came. Pure.

import type { UnixMs } from '../lib/time.ts'
import type { BlockFees } from './block-fees.ts'
import { defaultOffer, LIBRARIES, type Library, replacing } from './library-offers.ts'
import { type Offer, type PricedBlock, paidIn } from './paid-in.ts'

/** Wei per unit of gas. */
export type PaidPrice = { readonly base_fee: bigint; readonly tip: bigint }

/** A transfer that was included. */
export type IncludedTransfer = {
  /** From when on it could have gone. */
  readonly since: UnixMs
  /** The block that has it. */
  readonly block_number: number
}

export type FeeBaseline = {
  /** Of the block that has the transfer: what else it paid is its tip. */
  readonly base_fee: bigint
  readonly libraries: Readonly<Record<Library, PaidPrice>>
}

/** When the newest of the blocks was there, and how far they are apart, milliseconds: no block says when it was made. */
export type BlockClock = { readonly newestAt: UnixMs; readonly blockTimeMs: number }

/** Blocks before a bid that libraries and nodes look at. */
const KNOWN_BLOCKS = 20
/** Blocks in which a library's bid is looked for, anew for each. */
const LATE_BLOCKS = 50

/** `not_yet`: its block is newer than those known. Null: the blocks from before it was asked for until then are not all known. */
export function feeBaseline(
  blocks: readonly BlockFees[],
  clock: BlockClock,
  transfer: IncludedTransfer,
): FeeBaseline | 'not_yet' | null {
  const [first, newest] = [blocks[0], blocks.at(-1)]
  if (first === undefined || newest === undefined) return null
  if (transfer.block_number > newest.number) return 'not_yet'
  const since = Math.max(0, Math.ceil((clock.newestAt - transfer.since) / clock.blockTimeMs))
  // What was included was there before: the clock may be a block off.
  const start = Math.min(newest.number - since + 1, transfer.block_number)
  const own = blocks[transfer.block_number - first.number]
  if (own === undefined || start - KNOWN_BLOCKS < first.number) return null
  const known = start - KNOWN_BLOCKS - first.number
  const priced = blocks.slice(known, known + KNOWN_BLOCKS + LATE_BLOCKS).map(pricedBlock)
  const [viem, ethers, geth] = LIBRARIES.map((library) => paidBy(library, priced))
  if (viem == null || ethers == null || geth == null) return null
  return { base_fee: own.base_fee, libraries: { viem, ethers, geth } }
}

function pricedBlock({ base_fee, tips: [lowest] }: BlockFees): PricedBlock {
  return { baseFee: base_fee, lowestTip: lowest ?? null }
}

/**
 * A library's user bids at once, and anew for each block that did not take the bid before. `blocks`: those that are known first,
 * and those that came. Null: none of them took it.
 */
function paidBy(library: Library, blocks: readonly PricedBlock[]): PaidPrice | null {
  let standing: Offer | null = null
  for (const [index, block] of blocks.slice(KNOWN_BLOCKS).entries()) {
    const fresh = defaultOffer(library, blocks.slice(index, index + KNOWN_BLOCKS))
    standing = standing === null ? fresh : replacing(standing, fresh)
    const price = paidIn(block, standing)
    if (price !== null) return { base_fee: block.baseFee, tip: price - block.baseFee }
  }
  return null
}
