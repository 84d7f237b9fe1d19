// Which slots get other bytes: those that hold a step that its transfer wants back, and delegations that no node takes.
// Pure, and without a look at the chain: what is outbid is our own offer.

import type { StepKey } from '../transfer/step-report.ts'
import type { SignerRecord } from './records.ts'
import { type Attempt, type Bid, FILLER_GAS, isMined, type OpenSlot, runs, stepsOf } from './slot.ts'
import type { SignerState } from './state.ts'

/** Nodes ask for a tenth more, some for an eighth, on both fees, strictly (geth, Nethermind, Erigon). */
const RAISE_NUMERATOR = 1_125n
const RAISE_DENOMINATOR = 1_000n

export function replacements(state: SignerState): readonly SignerRecord[] {
  const records: SignerRecord[] = []
  for (const slot of state.slots.values()) {
    const newest = slot.attempts.at(-1)
    // What is still to be signed comes first; what stands in a block only the chain undoes.
    if (newest === undefined || slot.next !== null || isMined(slot)) continue
    const steps = keptSteps(slot, newest)
    if (steps === null) continue
    const offer = raised(newest, slot.work.kind === 'batch' ? newest.gas_limit : FILLER_GAS)
    // Above the cap of one that it runs it may not go: the wish waits for the end of the slot.
    if (!exceedsCap(slot, steps, offer))
      records.push({ kind: 'replacing', nonce: slot.nonce, steps, ...offer })
  }
  return records
}

/** What the next bytes go on to run; null: nothing is to be left out. */
function keptSteps(slot: OpenSlot, newest: Attempt): readonly StepKey[] | null {
  const { work } = slot
  if (work.kind === 'delegation') return work.fillersFrom === slot.attempts.length ? [] : null
  const kept = stepsOf(slot)
    .filter(({ key, isRecalled }) => !isRecalled && runs(newest, key))
    .map(({ key }) => key)
  return kept.length < newest.steps.length ? kept : null
}

/** Strictly more of both, whatever the rounding of the node. */
export function raised(before: Bid, gas_limit: bigint): Bid {
  return {
    gas_limit,
    max_fee_per_gas: raise(before.max_fee_per_gas),
    max_priority_fee_per_gas: raise(before.max_priority_fee_per_gas),
  }
}

function raise(fee: bigint): bigint {
  return (fee * RAISE_NUMERATOR + RAISE_DENOMINATOR - 1n) / RAISE_DENOMINATOR + 1n
}

function exceedsCap(slot: OpenSlot, steps: readonly StepKey[], { max_fee_per_gas }: Bid): boolean {
  const run = { steps }
  return stepsOf(slot).some(({ key, cap }) => cap !== null && cap < max_fee_per_gas && runs(run, key))
}
