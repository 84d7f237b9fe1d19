// Whether a waiting step can go now, as far as it alone is concerned, and what is written down where it cannot. Pure.

import { bid } from '../../fees/bid.ts'
import { type Cap, sameCap } from '../../fees/fee-caps.ts'
import type { HoldReason } from '../../transfer/status.ts'
import type { GasEstimate, SignerAccount, StepGas } from '../account/account.ts'
import { type Budget, nativeValue } from '../account/budget.ts'
import { DOUBT_BLOCKS } from '../state/limits.ts'
import type { SignerRecord } from '../state/records.ts'
import type { PooledStep } from '../state/state.ts'

export type Verdict =
  /** `estimate`: what its own transaction would take. */
  | { readonly go: true; readonly estimate: StepGas }
  | { readonly go: false; readonly records: readonly SignerRecord[] }

export function judgeStep(
  step: PooledStep,
  estimate: GasEstimate,
  account: SignerAccount,
  budget: Budget,
): Verdict {
  // A batch of actions may first get what it then sends: where its trial run succeeds, it has enough.
  const isTried = step.action.type === 'batch' && (estimate.ok || !estimate.reverted)
  const token = isTried ? 'enough' : budget.tokenStanding(step.action)
  if (token === 'short') return wait(step, 'funds')
  if (budget.native < nativeValue(step.action)) return wait(step, 'funds')
  if (!estimate.ok || token === 'missing') {
    const isRevert = token === 'missing' || (!estimate.ok && estimate.reverted)
    // Not a verdict about the step: the endpoint had trouble. It stays where it is.
    return { go: false, records: isRevert ? doubt(step, account.at.number) : [] }
  }
  const price = bid(account.fees, step.max_fee_per_gas)
  if (!price.ok) return { go: false, records: holdForCap(step, price.cap) }
  return { go: true, estimate }
}

/** One node that lags may see a revert that is none. Two looks, some blocks apart, or nothing. */
function doubt(step: PooledStep, block: number): readonly SignerRecord[] {
  if (step.doubtedAt === null) return [{ kind: 'doubted', key: step.key, block_number: block }]
  if (block < step.doubtedAt + DOUBT_BLOCKS) return []
  return [{ kind: 'rejected', key: step.key, failure: 'would_revert' }]
}

export function wait(step: PooledStep, reason: HoldReason): Extract<Verdict, { go: false }> {
  return { go: false, records: holdIfNew(step, reason) }
}

export function holdIfNew(step: PooledStep, reason: HoldReason): readonly SignerRecord[] {
  return step.held === reason ? [] : [hold(step, reason)]
}

export function holdForCap(step: PooledStep, cap: Cap): readonly SignerRecord[] {
  if (step.held === 'fee_cap' && sameCap(step.cap, cap)) return []
  return [{ kind: 'held', key: step.key, reason: 'fee_cap', cap }]
}

export function hold(step: PooledStep, reason: HoldReason): SignerRecord {
  return { kind: 'held', key: step.key, reason }
}
