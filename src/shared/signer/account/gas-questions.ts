// Which steps of a look are tried, and which are known well enough; and the answers in the order of the steps. Pure but for
// what the templates learn.

import { assertDefined } from '../../lib/assert.ts'
import type { UnixMs } from '../../lib/time.ts'
import type { PooledStep } from '../state/state.ts'
import type { GasEstimate } from './account.ts'
import type { GasTemplates } from './gas-templates.ts'

export class GasQuestions {
  readonly #steps: readonly PooledStep[]
  readonly #templates: GasTemplates
  readonly #known: readonly (GasEstimate | null)[]

  /** Tried whatever is known of them: steps that are `behind`, only to learn from; all, where they are for others to bring (S33). */
  constructor(
    steps: readonly PooledStep[],
    behind: readonly PooledStep[],
    templates: GasTemplates,
    now: UnixMs,
    isForOthers = false,
  ) {
    this.#steps = [...steps, ...behind]
    this.#templates = templates
    this.#known = this.#steps.map((step, index) =>
      index < steps.length && !isForOthers && mayBeUntried(step) ? templates.sure(step.action, now) : null,
    )
  }

  get asked(): readonly PooledStep[] {
    return this.#steps.filter((_, index) => this.#known[index] === null)
  }

  /** Once for each look. `estimates`: of those that were asked about. */
  learn(estimates: readonly GasEstimate[], now: UnixMs): void {
    for (const [index, { action }] of this.asked.entries()) {
      const estimate = estimates[index]
      if (estimate !== undefined) this.#templates.learn(action, estimate, now)
    }
  }

  /** One for each step, those behind at the end. */
  answers(estimates: readonly GasEstimate[]): readonly GasEstimate[] {
    let next = 0
    return this.#steps.map(({ action }, index) => {
      const known = this.#known[index]
      if (known !== null && known !== undefined) return known
      const estimate = assertDefined(estimates[next], 'an estimate for each that was asked about')
      next += 1
      return this.#templates.withMargin(action, estimate)
    })
  }
}

/** What was admitted anew may be so because it was not tried; what is in doubt, or is held, is tried again. */
function mayBeUntried({ key, held, doubtedAt }: PooledStep): boolean {
  return key.generation === 0 && doubtedAt === null && (held === null || held === 'not_before')
}
