// One transfer and its signer, and everything between them that can be late, doubled, reordered or lost: reports,
// admissions, withdrawals and their answers. The signer's own life is any legal one. What must hold in every such world
// is checked after every move.

import { expect } from 'vitest'
import { assertNever } from '../../src/shared/lib/assert.ts'
import { addMs, SECOND_MS, type UnixMs } from '../../src/shared/lib/time.ts'
import type { Admission } from '../../src/shared/signer/admission.ts'
import { admit, withdraw } from '../../src/shared/signer/admit.ts'
import { hasten } from '../../src/shared/signer/hasten.ts'
import { evolve as evolveSigner } from '../../src/shared/signer/state/evolve.ts'
import type { SignerRecord } from '../../src/shared/signer/state/records.ts'
import { stepsOf } from '../../src/shared/signer/state/slot.ts'
import { reportOf } from '../../src/shared/signer/state/standing.ts'
import { newSigner, type SignerState } from '../../src/shared/signer/state/state.ts'
import * as decisions from '../../src/shared/transfer/decide.ts'
import type { Decision, TransferEffect } from '../../src/shared/transfer/decision.ts'
import { evolve, type Turn } from '../../src/shared/transfer/evolve.ts'
import type { TransferRecord, WithdrawCause } from '../../src/shared/transfer/records.ts'
import {
  type ExistingTransfer,
  NO_TRANSFER,
  statusOf,
  type TransferState,
} from '../../src/shared/transfer/state.ts'
import { isFinal } from '../../src/shared/transfer/status.ts'
import type { StepKey, StepReport } from '../../src/shared/transfer/step-report.ts'
import { requestOf, SIGNER, START, TENANT, transferIdOf } from './domain-values.ts'
import { legalMoves } from './signer-moves.ts'
import type { Move } from './transfer-moves.ts'

export type WorldOptions = {
  readonly strangers: boolean
  readonly cancels: boolean
  readonly confirmations: number
  readonly deadline: UnixMs | null
}

const ID = transferIdOf(1)
const QUEUE: Turn['by'] = { source: 'queue' }

export class TransferWorld {
  readonly #options: WorldOptions
  /** All that it recorded. */
  readonly log: { readonly record: TransferRecord; readonly turn: Turn }[] = []
  readonly #admissions: Admission[] = []
  readonly #reports: StepReport[] = []
  readonly #answers: { readonly generation: number; readonly answer: decisions.WithdrawAnswer }[] = []
  /** Reports that reached the transfer. */
  readonly #heard: StepReport[] = []
  transfer: TransferState = NO_TRANSFER
  readonly signer: SignerState = newSigner()
  /** The signer's log position. */
  #view = 0
  #now: UnixMs = START

  constructor(options: WorldOptions) {
    this.#options = options
    const { deadline } = options
    const input = {
      id: ID,
      tenant: TENANT,
      fingerprint: 'f',
      request: requestOf({ deadline }),
      refusal: null,
    }
    this.#turn(decisions.create(this.transfer, input, this.#now), QUEUE)
  }

  move({ do: name, pick }: Move): void {
    switch (name) {
      case 'submit':
        this.#bind()
        this.#admit(this.#admissions.at(-1))
        break
      case 'bind':
        this.#bind()
        break
      case 'admit':
        this.#admit(oneOf(this.#admissions, pick))
        break
      case 'signer':
        this.#signerMoves(pick)
        break
      case 'look':
        this.#reports.push(this.#reportNow())
        break
      case 'push':
        this.#deliver(this.#reportNow())
        break
      case 'deliver':
        this.#deliver(oneOf(this.#reports, pick))
        break
      case 'cancel':
        if (this.#options.cancels) this.#turn(decisions.cancel(this.transfer, `command-${pick % 2}`), QUEUE)
        break
      case 'ask':
        this.#askAgain()
        break
      case 'answer':
        this.#answer(pick)
        break
      case 'wake':
        this.#turn(decisions.wake(this.transfer, this.#now, this.#options.confirmations), { source: 'alarm' })
        break
      case 'measure':
        this.#turn(decisions.measured(this.transfer, this.#options.confirmations, 1 + (pick % 5)), {
          source: 'chain',
        })
        break
      case 'time':
        this.#now = addMs(this.#now, (pick % 30) * SECOND_MS)
        break
      default:
        assertNever(name)
    }
    this.#check()
  }

  /** Nothing is lost or late any more: what is known everywhere is told everywhere, until nothing changes. */
  calmDown(isPushed = true): void {
    for (let round = 0; round < 6; round++) {
      if (isPushed) this.#deliver(this.#reportNow())
      this.#now = addMs(this.#now, SECOND_MS)
      const wake = decisions.wake(this.transfer, this.#now, this.#options.confirmations)
      this.#turn(wake, { source: 'alarm' })
      for (const effect of wake.effects) this.#perform(effect)
      this.#check()
    }
  }

  /** The signer's last word, which the transfer must have come to. */
  truth(): StepReport {
    return this.#reportNow()
  }

  #perform(effect: TransferEffect): void {
    if (effect.do === 'enqueue') {
      this.#bind()
      this.#admit(this.#admissions.at(-1))
    }
    if (effect.do === 'pull') this.#deliver(this.#reportNow())
    if (effect.do === 'hasten') this.#sign(hasten(this.signer, effect.key, effect.command))
    if (effect.do === 'withdraw') {
      this.#askBack(effect.key, effect.cause)
      this.#answer(this.#answers.length - 1)
    }
  }

  #bind(): void {
    const decision = decisions.bind(this.transfer, null, this.#now)
    this.#turn(decision, QUEUE)
    if (decision.answer.result !== 'bound') return
    const { key, request } = decision.answer
    const { action, not_before, max_fee_per_gas } = request
    this.#admissions.push({ key, action, not_before, max_fee_per_gas, bound_at: this.#now })
  }

  #admit(admission: Admission | undefined): void {
    if (admission !== undefined) this.#sign(admit(this.signer, [admission], this.#now).records)
  }

  #signerMoves(pick: number): void {
    const slotted = [...this.signer.slots.values()].flatMap(stepsOf)
    const keys = [...this.signer.pool.values(), ...slotted].map(({ key }) => key)
    const moves = keys.flatMap((key) =>
      legalMoves(this.signer, key, { strangers: this.#options.strangers, view: this.#view + 1 }),
    )
    const record = oneOf(moves, pick)
    if (record !== undefined) this.#sign([record])
  }

  #askAgain(): void {
    const { withdrawal } = this.#existing()
    if (withdrawal?.answer === 'awaited') this.#askBack(this.#key, withdrawal.cause)
  }

  #askBack(key: StepKey, cause: WithdrawCause): void {
    const { answer, records } = withdraw(this.signer, key, cause)
    this.#sign(records)
    this.#answers.push({ generation: key.generation, answer })
  }

  #answer(pick: number): void {
    const index = this.#answers.length === 0 ? 0 : pick % this.#answers.length
    const [told] = this.#answers.splice(index, 1)
    if (told === undefined) return
    this.#turn(decisions.withdrawn(this.transfer, told.generation, told.answer), QUEUE)
  }

  #deliver(news: StepReport | undefined): void {
    if (news === undefined) return
    this.#heard.push(news)
    const decision = decisions.report(this.transfer, news, this.#options.confirmations)
    this.#turn(decision, { source: 'signer', view: news.view })
  }

  #sign(records: readonly SignerRecord[]): void {
    for (const record of records) evolveSigner(this.signer, record, { at: this.#now })
    this.#view += records.length
  }

  #turn(decision: Decision<unknown>, by: Turn['by']): void {
    const turn = { at: this.#now, by }
    for (const record of decision.records) {
      const before = this.transfer
      this.transfer = evolve(before, record, turn)
      this.log.push({ record, turn })
      if (before.phase !== 'none') expect(isFinal(statusOf(before)), 'nothing follows an end').toBe(false)
    }
  }

  #check(): void {
    const replayed = this.log.reduce<TransferState>(
      (state, { record, turn }) => evolve(state, record, turn),
      NO_TRANSFER,
    )
    expect(replayed).toEqual(this.transfer)
    const transfer = this.#existing()
    const heard = this.#heard.map(({ standing }) => standing)
    const isMinedEnd = 'inclusion' in transfer && transfer.inclusion !== null && isFinal(statusOf(transfer))
    if (isMinedEnd) expect(heard).toContainEqual(expect.objectContaining({ at: 'slot', final: true }))
    if (transfer.phase === 'failed' && transfer.inclusion === null) {
      expect(heard).toContainEqual({ at: 'rejected', failure: transfer.failure })
    }
    if (transfer.phase === 'canceled' || transfer.phase === 'expired') this.#checkGivenBack(transfer)
    const finals = [...this.signer.ended.values()].filter(({ standing }) => standing.at === 'slot')
    expect(finals.length, 'a transfer is on the chain once at most').toBeLessThanOrEqual(1)
  }

  /** Nothing of it can become money: each admission that was ever agreed to was given back, or is refused for ever. */
  #checkGivenBack(transfer: ExistingTransfer): void {
    const agreed = this.log.flatMap(({ record }) => (record.kind === 'bound' ? [record.generation] : []))
    for (const generation of agreed) {
      const { standing } = reportOf(this.signer, SIGNER, { transfer: ID, step: 0, generation }, 0)
      const isOver = ['withdrawn', 'rejected', 'closed'].includes(standing.at)
      expect(isOver, `${transfer.phase}, but ${JSON.stringify(standing.at)}`).toBe(true)
    }
  }

  #reportNow(): StepReport {
    return reportOf(this.signer, SIGNER, this.#key, this.#view)
  }

  get #key(): StepKey {
    return { transfer: ID, step: 0, generation: this.#existing().generation }
  }

  #existing(): ExistingTransfer {
    if (this.transfer.phase === 'none') throw new Error('there is a transfer')
    return this.transfer
  }
}

function oneOf<T>(list: readonly T[], pick: number): T | undefined {
  return list[pick % Math.max(1, list.length)]
}
