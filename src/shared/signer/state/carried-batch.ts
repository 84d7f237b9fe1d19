// A batch that the account has signed for others to bring. It has no nonce: whoever brings it uses one of his own. So only
// its numbers and its time say what can still become of it.

import type { Address } from '../../chain/address.ts'
import type { Hex } from '../../lib/hex.ts'
import { SECOND_MS, type UnixMs, unixMs } from '../../lib/time.ts'
import { type StepKey, type StepStanding, sameStep } from '../../transfer/step-report.ts'
import type { NumberedStep, SlotInclusion } from './slot.ts'

export type CarriedBatch = {
  readonly id: Hex
  /** In the order in which the code of the account runs them. */
  readonly steps: readonly CarriedStep[]
  /** Who is asked first to bring it. */
  readonly carrier: Address
  /** Seconds, as blocks have them: in a later block it does nothing. */
  readonly validUntil: number
  /** Of a transaction that brings it. */
  readonly gasLimit: bigint
  /** r and vs (EIP-2098); null: nobody can bring it yet. */
  readonly signature: Hex | null
  readonly inclusion: SlotInclusion | null
}

/**
 * `isAnnulled`: at its end already, and not by this batch. `isSpent`: a closing of ours found its number used up: it has run,
 * and the log that says what came of it was not told yet.
 */
export type CarriedStep = NumberedStep & { readonly isAnnulled: boolean; readonly isSpent: boolean }

export function endOfTime({ validUntil }: CarriedBatch): UnixMs {
  return unixMs(validUntil * SECOND_MS)
}

/** As the work of a slot, which judges and results are made for. */
export function workOf({ id, steps }: Pick<CarriedBatch, 'id' | 'steps'>) {
  return { work: { kind: 'batch' as const, id, steps } }
}

/** Which nonce it will have nobody knows, nor by whose transaction it comes. */
export function carriedStanding(
  batch: CarriedBatch,
  key: StepKey,
  inclusion: Extract<StepStanding, { at: 'slot' }>['inclusion'],
): Extract<StepStanding, { at: 'slot' }> {
  const number = batch.steps.find((step) => sameStep(step.key, key))?.number
  const numbered = number === undefined ? {} : { number }
  return { at: 'slot', nonce: null, attempts: [], ...numbered, sent: 'signed', inclusion, final: false }
}
