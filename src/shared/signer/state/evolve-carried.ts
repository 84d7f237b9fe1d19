// What records of carried batches do: the part of evolve that has no nonce. Answers the steps that came to their end by it.

import { assert, assertDefined, assertNever } from '../../lib/assert.ts'
import type { Hex } from '../../lib/hex.ts'
import { type StepKey, sameStep, stepKeyText } from '../../transfer/step-report.ts'
import { type CarriedBatch, type CarriedStep, carriedStanding, workOf } from './carried-batch.ts'
import type { StepEnd } from './line.ts'
import type { SignerRecord } from './records.ts'
import { resultsOf } from './results.ts'
import type { Close } from './slot.ts'
import { inclusionAt } from './standing.ts'
import type { SignerState } from './state.ts'
import { slottedFromPool } from './take-from-pool.ts'

type Recorded<Kind extends SignerRecord['kind']> = Extract<SignerRecord, { kind: Kind }>

export type CarriedRecord = Recorded<
  'entrusted' | 'authorized' | 'brought' | 'unbrought' | 'delivered' | 'annulled'
>

const NO_ENDS: readonly StepEnd[] = []

export function evolveCarried(state: SignerState, record: CarriedRecord): readonly StepEnd[] {
  if ('view' in record) state.chainView = record.view
  switch (record.kind) {
    case 'entrusted':
      entrust(state, record)
      return NO_ENDS
    case 'authorized':
      change(state, record.batch, { signature: record.signature })
      return NO_ENDS
    case 'brought': {
      const results = resultsOf(workOf(batchAt(state, record.batch)), record.except)
      change(state, record.batch, { inclusion: { ...record.inclusion, results } })
      return NO_ENDS
    }
    case 'unbrought':
      change(state, record.batch, { inclusion: null })
      return NO_ENDS
    case 'delivered':
      return deliver(state, record.batch)
    case 'annulled':
      return annul(state, record)
    default:
      return assertNever(record)
  }
}

export function recallCarried(state: SignerState, key: StepKey): void {
  const id = assertDefined(state.carriedOf.get(stepKeyText(key)), 'the step is in a carried batch')
  changeSteps(state, id, (step) => (sameStep(step.key, key) ? { ...step, isRecalled: true } : step))
}

function entrust(state: SignerState, record: Recorded<'entrusted'>): void {
  assert(!state.carried.has(record.batch), 'a batch is entrusted once')
  const steps = record.steps.map(({ key, number, gas }): CarriedStep => {
    assert(number >= state.nextNumber, 'a number is never given twice')
    state.nextNumber = number + 1n
    state.carriedOf.set(stepKeyText(key), record.batch)
    return { ...slottedFromPool(state, key), number, gas, isAnnulled: false, isSpent: false }
  })
  const { batch: id, carrier, valid_until: validUntil, gas_limit: gasLimit } = record
  state.carried.set(id, { id, steps, carrier, validUntil, gasLimit, signature: null, inclusion: null })
}

/** A closing of ours is final, and these numbers had been used up before it. */
export function spend(state: SignerState, closes: readonly Close[]): void {
  const spent = new Set(closes.map(({ key }) => stepKeyText(key)))
  for (const { batch } of closes) {
    if (!state.carried.has(batch)) continue
    changeSteps(state, batch, (step) =>
      spent.has(stepKeyText(step.key)) ? { ...step, isSpent: true } : step,
    )
  }
}

/** Final: each step has the end that the block gave it; what did not run is closed. */
function deliver(state: SignerState, id: Hex): readonly StepEnd[] {
  const batch = batchAt(state, id)
  const by = assertDefined(batch.inclusion, 'only what stands in a block is final').hash
  forget(state, batch)
  return batch.steps.flatMap(({ key, isAnnulled }, place) => {
    if (isAnnulled) return []
    const inclusion = inclusionAt(batch.inclusion, place, batch.steps.length)
    const closed = { at: 'closed', nonce: null, by } as const
    const ran = { ...carriedStanding(batch, key, inclusion), final: true }
    return [{ key, standing: inclusion === null ? closed : ran }]
  })
}

function annul(state: SignerState, { batch: id, keys, by }: Recorded<'annulled'>): readonly StepEnd[] {
  const isNamed = (key: StepKey): boolean => keys.some((one) => sameStep(one, key))
  changeSteps(state, id, (step) => (isNamed(step.key) ? { ...step, isAnnulled: true } : step))
  for (const key of keys) state.carriedOf.delete(stepKeyText(key))
  const batch = batchAt(state, id)
  if (batch.steps.every(({ isAnnulled }) => isAnnulled)) forget(state, batch)
  return keys.map((key) => ({ key, standing: { at: 'closed', nonce: null, by } }))
}

function forget(state: SignerState, { id, steps }: CarriedBatch): void {
  state.carried.delete(id)
  for (const { key } of steps) state.carriedOf.delete(stepKeyText(key))
}

function batchAt(state: SignerState, id: Hex): CarriedBatch {
  return assertDefined(state.carried.get(id), 'the batch is under way')
}

function change(state: SignerState, id: Hex, changed: Partial<CarriedBatch>): void {
  state.carried.set(id, { ...batchAt(state, id), ...changed })
}

function changeSteps(state: SignerState, id: Hex, changed: (step: CarriedStep) => CarriedStep): void {
  change(state, id, { steps: batchAt(state, id).steps.map(changed) })
}
