// What one life of a signer's object learns from its plans and keeps nowhere: whose turn it is, how large batches may be, what
// contracts share, and what gas is sure.

import { type BatchObservation, nextBatchSize } from '../../shared/batch/batch-size.ts'
import type { UnixMs } from '../../shared/lib/time.ts'
import type { GasEstimate } from '../../shared/signer/account/account.ts'
import { GasQuestions } from '../../shared/signer/account/gas-questions.ts'
import { GasTemplates } from '../../shared/signer/account/gas-templates.ts'
import { Trials } from '../../shared/signer/account/trials.ts'
import { newTurnMemory, type Turn, type TurnMemory } from '../../shared/signer/plan/turn.ts'
import type { SignerRecord } from '../../shared/signer/state/records.ts'
import { type Exception, failuresIn } from '../../shared/signer/state/results.ts'
import { type OpenSlot, stepsOf } from '../../shared/signer/state/slot.ts'
import type { PooledStep } from '../../shared/signer/state/state.ts'

export class PlanMemory {
  #turns: TurnMemory = newTurnMemory()
  readonly #trials = new Trials()
  readonly #templates = new GasTemplates()
  readonly #batches = new Map<number, Omit<BatchObservation, 'failed'>>()

  get turns(): TurnMemory {
    return this.#turns
  }

  /** Steps that are tried beside those of a plan, to learn from. */
  behind(steps: readonly PooledStep[], pool: Iterable<PooledStep>): readonly PooledStep[] {
    return this.#trials.behind(steps, pool)
  }

  /** `isForOthers`: what others bring is tried, whatever is known of it (S33). */
  questions(
    steps: readonly PooledStep[],
    behind: readonly PooledStep[],
    now: UnixMs,
    isForOthers: boolean,
  ): GasQuestions {
    return new GasQuestions(steps, behind, this.#templates, now, isForOthers)
  }

  looked(
    gas: GasQuestions,
    steps: readonly PooledStep[],
    behind: readonly PooledStep[],
    estimates: readonly GasEstimate[],
    now: UnixMs,
    fullness: number,
  ): void {
    this.#turns = { ...this.#turns, fullness }
    gas.learn(estimates, now)
    const answers = gas.answers(estimates)
    for (const [index, { key, action }] of steps.entries()) {
      const estimate = answers[index]
      if (estimate !== undefined) this.#trials.learn(key, action, estimate, this.#turns.learned)
    }
    for (const [index, step] of behind.entries()) {
      const estimate = answers[steps.length + index]
      if (estimate !== undefined) this.#trials.remember(step, estimate, steps)
    }
  }

  planned(records: readonly SignerRecord[], turn: Turn): void {
    this.#turns = { ...this.#turns, passes: turn.passes }
    const { steps: looked, closedBy, leftReady, leftBehind } = turn
    const { fullness: blockFullness } = this.#turns
    for (const record of records) {
      if (record.kind !== 'batched') continue
      const steps = record.steps.length
      // Some that had a place did not go: gas, bytes or funds ended it, and more places would have been of no use.
      const isCut = closedBy === 'steps' && steps < looked.length
      const told = {
        steps,
        closedBy: isCut ? ('gas' as const) : closedBy,
        leftReady,
        leftBehind,
        blockFullness,
      }
      this.#batches.clear()
      this.#batches.set(record.nonce, told)
    }
  }

  /** What becomes of a batch tells how large the next ones may be, and what became of what was not tried, what is not sure. */
  ran(slot: OpenSlot, except: readonly Exception[]): void {
    for (const [place, { action, isUntried }] of stepsOf(slot).entries()) {
      const isWrong = except.some((one) => one.place === place && one.outcome === 'not_run')
      if (isUntried === true && isWrong) this.#templates.forget(action)
    }
    const batch = this.#batches.get(slot.nonce)
    if (batch === undefined) return
    this.#batches.delete(slot.nonce)
    const size = nextBatchSize(this.#turns.size, { ...batch, failed: failuresIn(except) })
    this.#turns = { ...this.#turns, size }
  }
}
