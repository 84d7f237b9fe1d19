// What a signer can say of a step, in a word.

import type { TxHash } from '../../src/shared/chain/hash.ts'
import type { Failure, HoldReason } from '../../src/shared/transfer/status.ts'
import type {
  AttemptSummary,
  StepInclusion,
  StepOutcome,
  StepStanding,
} from '../../src/shared/transfer/step-report.ts'
import { blockHashOf, txHashOf } from './domain-values.ts'

export const NONCE = 7
export const HASH: TxHash = txHashOf(0x51)
export const STRANGER: TxHash = txHashOf(0xbad)

type SlotStanding = Extract<StepStanding, { at: 'slot' }>

export const UNKNOWN: StepStanding = { at: 'unknown' }
export const WITHDRAWN: StepStanding = { at: 'withdrawn' }
export const CLOSED: StepStanding = { at: 'closed', nonce: NONCE, by: STRANGER }

export function pool(held: HoldReason | null = null): StepStanding {
  return { at: 'pool', held }
}

export function rejected(failure: Failure = 'would_revert'): StepStanding {
  return { at: 'rejected', failure }
}

export function attempt(index = 0, hash: TxHash = HASH): AttemptSummary {
  return { index, hash, gas_limit: 21_000n, max_fee_per_gas: 20n, max_priority_fee_per_gas: 1n }
}

/** In a slot, signed; what differs from that is given. */
export function slot(change: Partial<SlotStanding> = {}): StepStanding {
  return {
    at: 'slot',
    nonce: NONCE,
    attempts: [attempt()],
    sent: 'signed',
    inclusion: null,
    final: false,
    ...change,
  }
}

/** Our transaction stands in the block of this number. */
export function inBlock(block: number, outcome: StepOutcome = 'success'): StepStanding {
  return slot({ sent: 'broadcast', inclusion: inclusionIn(block, outcome) })
}

export function final(block: number, outcome: StepOutcome = 'success'): StepStanding {
  return slot({ sent: 'broadcast', inclusion: inclusionIn(block, outcome), final: true })
}

export function inclusionIn(block: number, outcome: StepOutcome = 'success'): StepInclusion {
  return {
    hash: HASH,
    block_number: block,
    block_hash: blockHashOf(block),
    outcome,
    delivered_amount: outcome === 'success' ? 1_000n : null,
    gas_used: 21_000n,
    fee_paid: 21_000n * 11n,
  }
}
