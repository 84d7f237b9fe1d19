// What follows from what a transfer decided: calls to others, and what their answers lead to. Each may fail and be done
// again by the next wake: the log says what is due.

import type { ChainId } from '../../shared/chain/chain-id.ts'
import { assertNever } from '../../shared/lib/assert.ts'
import type { UnixMs } from '../../shared/lib/time.ts'
import { type SubmissionMessage, toSubmissionMessage } from '../../shared/schema/queue-messages.ts'
import * as decisions from '../../shared/transfer/decide.ts'
import type { Decision, TransferEffect } from '../../shared/transfer/decision.ts'
import { isAnsweredBefore } from '../../shared/transfer/old-copy.ts'
import type { ExistingTransfer, TransferState } from '../../shared/transfer/state.ts'
import type { StepReport } from '../../shared/transfer/step-report.ts'
import type { By } from '../../shared/wal/by.ts'
import { agreementOf } from './agreement.ts'
import type { Outbox } from './outbox.ts'
import type { TransferDeps } from './transfer-deps.ts'

export const BY_QUEUE: By = { source: 'queue' }

/** What of the engine an effect comes back to. */
export type EffectsOf = {
  readonly existing: () => ExistingTransfer
  /** Writes down what is decided; the readers of the log are not told. */
  readonly decide: <Answer>(
    by: By,
    decide: (state: TransferState, now: UnixMs) => Decision<Answer>,
  ) => Decision<Answer>
  readonly report: (news: StepReport) => void
  /** Somebody knows of a later state than this one. */
  readonly foundOld: () => void
  readonly outbox: Outbox
}

type EffectsDeps = Pick<
  TransferDeps,
  'now' | 'enqueue' | 'pull' | 'withdraw' | 'hasten' | 'depth' | 'background'
>

export class TransferEffects {
  readonly #deps: EffectsDeps
  readonly #of: EffectsOf

  constructor(deps: EffectsDeps, of: EffectsOf) {
    this.#deps = deps
    this.#of = of
  }

  /** After the answer. */
  start(effects: readonly TransferEffect[]): void {
    if (effects.length > 0) this.#deps.background(this.perform(effects))
  }

  async perform(effects: readonly TransferEffect[]): Promise<void> {
    for (const effect of effects) await this.#performOne(effect)
  }

  async #performOne(effect: TransferEffect): Promise<void> {
    const { tenant, request } = this.#of.existing()
    const { chain } = request
    switch (effect.do) {
      case 'enqueue':
        return this.#enqueue()
      case 'pull':
        return this.#of.report(await this.#deps.pull({ chain, address: effect.signer, tenant }, effect.key))
      case 'withdraw': {
        const name = { chain, address: effect.signer, tenant }
        const answer = await this.#deps.withdraw(name, effect.key, effect.cause)
        if (isAnsweredBefore(this.#of.existing(), effect.key.generation, answer)) return this.#of.foundOld()
        // The state may have moved on during the call: the decision looks at what is there now.
        const effects = this.#turn(BY_QUEUE, (state) =>
          decisions.withdrawn(state, effect.key.generation, answer),
        )
        return this.perform(effects)
      }
      case 'hasten':
        return this.#deps.hasten({ chain, address: effect.signer, tenant }, effect.key, effect.command)
      case 'measure':
        return this.#measure(chain, effect.needed)
      default:
        return assertNever(effect)
    }
  }

  async #enqueue(): Promise<void> {
    const message = this.submission()
    if (message === null) this.#of.outbox.tell()
    else await this.#deps.enqueue(message)
  }

  /**
   * Who asks agrees: the consumer need not come back for it, unless the signer has to be chosen first. Null: it is not to be
   * admitted now.
   */
  submission(): SubmissionMessage | null {
    const { decide, existing, outbox } = this.#of
    const { answer } = decide(BY_QUEUE, (state, now) => decisions.bind(state, null, now))
    if (answer.result === 'refused') return null
    const agreement = agreementOf(answer, this.#deps.now())
    return toSubmissionMessage(existing().id, agreement, outbox.carry())
  }

  async #measure(chain: ChainId, needed: number): Promise<void> {
    const asked = this.#of.existing()
    if (!('inclusion' in asked) || asked.inclusion === null) return
    const { block_number: number, block_hash: hash } = asked.inclusion
    const depth = await this.#deps.depth(chain, { number, hash })
    this.#turn({ source: 'chain' }, (state) => {
      const isSameBlock = 'inclusion' in state && state.inclusion?.block_hash === hash
      return decisions.measured(state, needed, isSameBlock ? depth.confirmations : null)
    })
  }

  #turn(by: By, decide: (state: TransferState, now: UnixMs) => Decision<unknown>): readonly TransferEffect[] {
    const { records, effects } = this.#of.decide(by, decide)
    if (records.length > 0) this.#of.outbox.tell()
    return effects
  }
}
