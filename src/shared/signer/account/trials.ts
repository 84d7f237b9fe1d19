// What the signer learns of contracts: steps that wait behind another call of their contract are estimated beside it, and
// once more when it has run. Did the first estimate still hold, they may share a batch next time (batch/SPEC.md, P10).

import type { LearnedConflicts } from '../../batch/learned-conflicts.ts'
import { learnFrom } from '../../batch/touches.ts'
import type { Action } from '../../transfer/request.ts'
import { type StepKey, stepKeyText } from '../../transfer/step-report.ts'
import type { PooledStep } from '../state/state.ts'
import type { GasEstimate } from './account.ts'

/** Steps of one look that are estimated only to learn from. */
const TRIALS_AT_ONCE = 4
/** Steps whose first estimate is remembered. */
const TRIALS_MOST = 256
/** An estimate that grew by more than this was of another state. */
const SAME_GAS_PERCENT = 120n

type Trial = { readonly gas: bigint; readonly earlier: Action }

export class Trials {
  readonly #trials = new Map<string, Trial>()

  /** Steps of the pool that wait behind one of `going` for its contract. */
  behind(going: readonly PooledStep[], pool: Iterable<PooledStep>): readonly PooledStep[] {
    const called = new Map(
      going.flatMap(({ action }) => (action.type === 'call' ? [[action.to, action]] : [])),
    )
    const keys = new Set(going.map(({ key }) => stepKeyText(key)))
    const found: PooledStep[] = []
    if (called.size === 0) return found
    for (const step of pool) {
      if (found.length >= TRIALS_AT_ONCE) break
      if (step.action.type !== 'call' || keys.has(stepKeyText(step.key))) continue
      if (called.has(step.action.to) && !this.#trials.has(stepKeyText(step.key))) found.push(step)
    }
    return found
  }

  /** Before `going` has run. */
  remember(step: PooledStep, estimate: GasEstimate, going: readonly PooledStep[]): void {
    const { action: later } = step
    const earlier = going.find(({ action }) => isOfOne(action, later))?.action
    if (!estimate.ok || earlier === undefined || this.#trials.size >= TRIALS_MOST) return
    this.#trials.set(stepKeyText(step.key), { gas: estimate.gas, earlier })
  }

  /** After it has: a delegated account looks again only when its last batch is mined. */
  learn(key: StepKey, action: Action, estimate: GasEstimate, learned: LearnedConflicts): void {
    const text = stepKeyText(key)
    const trial = this.#trials.get(text)
    if (trial === undefined) return
    this.#trials.delete(text)
    const isSame = estimate.ok && estimate.gas * 100n <= trial.gas * SAME_GAS_PERCENT
    learnFrom(learned, trial.earlier, action, isSame)
  }
}

/** Of one contract. What a batch of actions calls is estimated as a whole: nothing is learned of its parts. */
function isOfOne(one: Action, other: Action): boolean {
  return one.type !== 'batch' && other.type !== 'batch' && one.to === other.to
}
