// A transaction of its own for a waiting step. Pure.

import { bid } from '../../fees/bid.ts'
import { assert } from '../../lib/assert.ts'
import type { GasEstimate, SignerAccount, StepGas } from '../account/account.ts'
import { type Budget, gasCost } from '../account/budget.ts'
import type { SignerRecord } from '../state/records.ts'
import type { PooledStep } from '../state/state.ts'
import { wait } from './verdict.ts'

/** What a plain transfer of value to an account without code costs: exact, no margin. */
const PLAIN_TRANSFER_GAS = 21_000n
/** Percent. State may change between the estimate and the block: a fifth more, of which what is not used is not paid. */
const USUAL_MARGIN = 120n

export type LookedStep = { readonly step: PooledStep; readonly estimate: GasEstimate }

/** A slot of its own, or a hold where the balance does not cover the gas as well. */
export function reserve(
  step: PooledStep,
  nonce: number,
  estimate: StepGas,
  account: SignerAccount,
  budget: Budget,
): readonly SignerRecord[] {
  const reserved = reservation(step, nonce, estimate, account)
  const cost = gasCost(reserved)
  if (!budget.affords([step.action], cost)) return wait(step, 'funds').records
  budget.commit([step.action], cost)
  return [reserved]
}

/** Of a step whose funds were looked at before. */
export function reservation(
  { key, max_fee_per_gas: cap, carriageGas }: PooledStep,
  nonce: number,
  estimate: StepGas,
  account: SignerAccount,
): Extract<SignerRecord, { kind: 'reserved' }> {
  const price = bid(account.fees, cap)
  assert(price.ok, 'a cap that is too low was judged before')
  const { max_fee_per_gas, max_priority_fee_per_gas } = price
  return {
    kind: 'reserved',
    nonce,
    key,
    gas_limit: carriageGas ?? withMargin(estimate),
    max_fee_per_gas,
    max_priority_fee_per_gas,
    ...untried(estimate),
  }
}

/** Written down only where it is so: what reverts untried has not failed (S33). */
export function untried({ isUntried }: StepGas): { readonly untried?: true } {
  return isUntried === true ? { untried: true } : {}
}

function withMargin({ gas, margin = USUAL_MARGIN }: StepGas): bigint {
  return gas === PLAIN_TRANSFER_GAS ? gas : (gas * margin) / 100n
}
