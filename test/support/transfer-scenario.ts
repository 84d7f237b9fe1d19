// A transfer's life as a test tells it: one line an event, and what became of it. After every event it is checked, for
// all scenarios, what must hold in any: the log alone gives the state, what is final stays, nothing is decided that
// cannot be written, and the document of every state is one.

import { expect } from 'vitest'
import type { Address } from '../../src/shared/chain/address.ts'
import { addMs, type UnixMs } from '../../src/shared/lib/time.ts'
import { toTransferDocument, transferDocument } from '../../src/shared/schema/transfer-document.ts'
import * as decisions from '../../src/shared/transfer/decide.ts'
import type { Decision, TransferEffect } from '../../src/shared/transfer/decision.ts'
import { evolve, type Turn } from '../../src/shared/transfer/evolve.ts'
import { CAUGHT_UP, nextWake, type Pace, type Readers } from '../../src/shared/transfer/next-wake.ts'
import type { TransferRecord } from '../../src/shared/transfer/records.ts'
import type { TransferRequest } from '../../src/shared/transfer/request.ts'
import { speedUp } from '../../src/shared/transfer/speed-up.ts'
import {
  type ExistingTransfer,
  NO_TRANSFER,
  statusOf,
  type TransferState,
} from '../../src/shared/transfer/state.ts'
import { FINAL_STATUSES, isFinal, type Status } from '../../src/shared/transfer/status.ts'
import type { StepKey, StepStanding } from '../../src/shared/transfer/step-report.ts'
import { emptyHead } from '../../src/shared/wal/group.ts'
import { requestOf, SIGNER, START, TENANT, transferIdOf } from './domain-values.ts'

type Logged = { readonly record: TransferRecord; readonly turn: Turn }

const ID = transferIdOf(1)
const HEAD = emptyHead({ class: 'TransferObject', object: ID })

export type Scenario = TransferScenario

/** Milliseconds. */
export const BLOCK_TIME_MS = 2_000
/** Milliseconds: twice of it is more than the hour that a log waits at least. */
export const FINALITY_MS = 2_000_000

/** `confirmations`: the chain's own default. */
export function scenario(confirmations = 1): Scenario {
  return new TransferScenario({ blockTimeMs: BLOCK_TIME_MS, confirmations, finalityMs: FINALITY_MS })
}

class TransferScenario {
  readonly #pace: Pace
  readonly #log: Logged[] = []
  #state: TransferState = NO_TRANSFER
  #now: UnixMs = START
  #view = 0
  #last: Decision<unknown> = { answer: null, records: [], effects: [] }

  constructor(pace: Pace) {
    this.#pace = pace
  }

  get state(): TransferState {
    return this.#state
  }

  create(change: Partial<TransferRequest> = {}, input: Partial<decisions.CreateInput> = {}): this {
    const given = { id: ID, tenant: TENANT, fingerprint: 'f', request: requestOf(change), refusal: null }
    return this.#turn({ source: 'queue' }, decisions.create(this.#state, { ...given, ...input }, this.#now))
  }

  bind(choice: Address | null = null): this {
    return this.#turn({ source: 'queue' }, decisions.bind(this.#state, choice, this.#now))
  }

  cancel(command = 'cancel-1'): this {
    return this.#turn({ source: 'queue' }, decisions.cancel(this.#state, command))
  }

  speedUp(command = 'faster-1'): this {
    return this.#turn({ source: 'queue' }, speedUp(this.#state, command))
  }

  /** The signer's news, each newer than the one before unless the view is given. */
  report(standing: StepStanding, news: { readonly view?: number; readonly generation?: number } = {}): this {
    const view = news.view ?? this.#view + 1
    this.#view = Math.max(this.#view, view)
    const key = { ...this.#key, generation: news.generation ?? this.#key.generation }
    const report = { ...key, signer: SIGNER, view, standing }
    const decision = decisions.report(this.#state, report, this.#pace.confirmations)
    return this.#turn({ source: 'signer', view }, decision)
  }

  /** The signer's answer to a withdrawal. */
  answered(answer: decisions.WithdrawAnswer): this {
    return this.#turn({ source: 'queue' }, decisions.withdrawn(this.#state, this.#key.generation, answer))
  }

  measured(needed: number, confirmations: number | null): this {
    return this.#turn({ source: 'chain' }, decisions.measured(this.#state, needed, confirmations))
  }

  wake(): this {
    const decision = decisions.wake(this.#state, this.#now, this.#pace.confirmations)
    return this.#turn({ source: 'alarm' }, decision)
  }

  after(durationMs: number): this {
    this.#now = addMs(this.#now, durationMs)
    return this
  }

  expectStatus(status: Status): this {
    expect(statusOf(this.#existing())).toBe(status)
    return this
  }

  expectState(expected: Partial<Record<string, unknown>>): this {
    expect(this.#state).toMatchObject(expected)
    return this
  }

  /** Of the last event. */
  expectRecords(kinds: readonly TransferRecord['kind'][]): this {
    expect(this.#last.records.map(({ kind }) => kind)).toEqual(kinds)
    return this
  }

  expectRecord(record: TransferRecord): this {
    expect(this.#last.records).toContainEqual(record)
    return this
  }

  expectAnswer(answer: unknown): this {
    expect(this.#last.answer).toEqual(answer)
    return this
  }

  expectAnswerMatching(answer: Readonly<Record<string, unknown>>): this {
    expect(this.#last.answer).toMatchObject(answer)
    return this
  }

  expectEffects(effects: readonly TransferEffect['do'][]): this {
    expect(this.#last.effects.map((effect) => effect.do)).toEqual(effects)
    return this
  }

  expectEffect(effect: TransferEffect): this {
    expect(this.#last.effects).toContainEqual(effect)
    return this
  }

  /** What the effects of the last event are about. */
  expectKeyAsked(key: Partial<StepKey>): this {
    const keys = this.#last.effects.flatMap((effect) => ('key' in effect ? [effect.key] : []))
    for (const asked of keys) expect(asked).toMatchObject(key)
    expect(keys).not.toEqual([])
    return this
  }

  /** Milliseconds from now; null: never again. */
  expectNextWake(inMs: number | null, readers: Partial<Readers> = {}): this {
    const next = nextWake(this.#state, this.#now, { ...CAUGHT_UP, ...readers }, this.#pace)
    expect(next === null ? null : next - this.#now).toBe(inMs)
    return this
  }

  get #key(): StepKey {
    const generation = this.#state.phase === 'none' ? 0 : this.#state.generation
    return { transfer: ID, step: 0, generation }
  }

  #existing(): ExistingTransfer {
    if (this.#state.phase === 'none') throw new Error('there is a transfer')
    return this.#state
  }

  #turn(by: Turn['by'], decision: Decision<unknown>): this {
    const before = this.#state
    const turn: Turn = { at: this.#now, by }
    this.#last = decision
    for (const record of decision.records) {
      this.#state = evolve(this.#state, record, turn)
      this.#log.push({ record, turn })
    }
    this.#checkInvariants(before)
    return this
  }

  #checkInvariants(before: TransferState): void {
    const replayed = this.#log.reduce<TransferState>(
      (state, { record, turn }) => evolve(state, record, turn),
      NO_TRANSFER,
    )
    expect(replayed).toEqual(this.#state)
    if (before.phase !== 'none' && isFinal(statusOf(before))) expect(this.#state).toEqual(before)
    if (this.#state.phase === 'none') return
    expect(
      transferDocument.safeParse(toTransferDocument(this.#state, HEAD, this.#pace.confirmations)).error,
    ).toBeUndefined()
    const isEnded = FINAL_STATUSES.some((status) => status === this.#existing().phase)
    expect(nextWake(this.#state, this.#now, CAUGHT_UP, this.#pace) === null).toBe(isEnded)
    for (const reader of ['isProjected', 'isArchived', 'isSealed'] as const) {
      const behind = { ...CAUGHT_UP, [reader]: false }
      expect(nextWake(this.#state, this.#now, behind, this.#pace)).toBeGreaterThan(this.#now)
    }
  }
}
