// A step leaves the pool. Only evolve calls it.

import { assertDefined } from '../../lib/assert.ts'
import { type StepKey, stepKeyText } from '../../transfer/step-report.ts'
import type { SlottedStep } from './slot.ts'
import type { PooledStep, SignerState } from './state.ts'

export function takeFromPool(state: SignerState, key: StepKey): PooledStep {
  const text = stepKeyText(key)
  const step = assertDefined(state.pool.get(text), 'the step waits in the pool')
  state.pool.delete(text)
  return step
}

/** As it stands in a slot, or in a batch that others bring. */
export function slottedFromPool(
  state: SignerState,
  pooled: StepKey,
  { untried }: { readonly untried?: true | undefined } = {},
): SlottedStep {
  const { key, action, max_fee_per_gas: cap, hastenedBy } = takeFromPool(state, pooled)
  const step = { key, action, cap, isRecalled: false, hastenedBy }
  return untried === true ? { ...step, isUntried: true } : step
}
