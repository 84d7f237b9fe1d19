// The clients of a history: they post until they are answered, cancel, read and follow, and remember what they were told.

import { canonicalJson } from '../../src/shared/lib/canonical-json.ts'
import { sha256Hex } from '../../src/shared/lib/sha256.ts'
import type { CancelReply, CreateReply } from '../../src/shared/ports/transfer-actor.ts'
import type { TransferDocument } from '../../src/shared/schema/transfer-document.ts'
import type { TransferRequest } from '../../src/shared/transfer/request.ts'
import { type TransferId, transferId } from '../../src/shared/transfer/transfer-id.ts'
import type { By } from '../../src/shared/wal/by.ts'
import { TENANT } from '../support/domain-values.ts'
import type { TransferHost } from './actors.ts'
import type { Auditor } from './invariants/auditor.ts'
import type { TransferPlan } from './plan.ts'
import { LostCall, type Stage } from './stage.ts'
import { Worker } from './worker.ts'

const BY: By = { source: 'api', key: 'k1', role: 'operator' }
/** Milliseconds until a client that was not answered tries again. */
const AGAIN_MS = 1_500

export class Client {
  readonly id: TransferId
  readonly plan: TransferPlan
  readonly worker: Worker
  readonly #stage: Stage
  readonly #host: () => TransferHost
  readonly #auditor: Auditor
  /** The first answer: from then on the transfer is promised. */
  accepted: TransferDocument | null = null
  /** Gave up before it was answered. */
  isGone = false
  isRefused = false
  /** Commands that are not answered. */
  open = 0

  constructor(stage: Stage, plan: TransferPlan, host: () => TransferHost, auditor: Auditor) {
    this.#stage = stage
    this.plan = plan
    this.id = transferId(TENANT, plan.key)
    this.worker = new Worker(stage, `client ${plan.index}`)
    this.#host = host
    this.#auditor = auditor
  }

  begin(): void {
    const { postAt, postAgainAt, otherAt, cancelAt, speedUpAt, readAt } = this.plan
    this.#at(postAt, 'post', () => this.#post(this.plan.request))
    if (postAgainAt !== null) this.#at(postAgainAt, 'post again', () => this.#post(this.plan.request))
    if (otherAt !== null) this.#at(otherAt, 'post another', () => this.#postOther())
    if (cancelAt !== null) this.#at(cancelAt, 'cancel', () => this.#cancel())
    for (const [index, at] of speedUpAt.entries())
      this.#at(at, 'speed up', () => this.#speedUp(`faster-${index}`))
    for (const at of readAt) this.#at(at, 'read', () => this.#read())
  }

  #at(delayMs: number, label: string, work: () => Promise<void>): void {
    this.open += 1
    const done = () => {
      this.open -= 1
    }
    this.worker.hear(delayMs, label, this.worker.life, () => void work().then(done, done))
  }

  /** The answer; null: the client has given up. */
  async #insist<T>(ask: () => Promise<T>): Promise<T | null> {
    for (;;) {
      try {
        return await ask()
      } catch (error) {
        if (!(error instanceof LostCall)) throw error
        if (this.#stage.faults.strikes('client_loss')) return null
        await new Promise<void>((resolve) =>
          this.worker.hear(AGAIN_MS, 'tries again', this.worker.life, resolve),
        )
      }
    }
  }

  #create(request: TransferRequest): Promise<CreateReply | null> {
    const fingerprint = sha256Hex(canonicalJson({ ...textOf(request) }))
    const input = { id: this.id, tenant: TENANT, fingerprint, request, refusal: null }
    return this.#insist(() => this.#host().call(this.worker, 'create', (engine) => engine.create(input, BY)))
  }

  async #post(request: TransferRequest): Promise<void> {
    const reply = await this.#create(request)
    if (reply === null) {
      this.isGone = this.accepted === null
      return
    }
    const { result } = reply.answer
    if (result === 'refused') {
      this.isRefused = true
      return
    }
    const { violations } = this.#stage
    violations.check(
      'I2',
      result !== 'key_reused',
      () => `${this.#name} posted again is called another request`,
    )
    if (reply.document === null) return
    const first = this.accepted ?? reply.document
    violations.check(
      'I2',
      JSON.stringify(first) === JSON.stringify(reply.document),
      () => `${this.#name} posted again is answered otherwise`,
    )
    this.accepted = first
    const isThere = (this.#auditor.transfers.get(this.id)?.seq ?? 0) > 0
    violations.check('I2', isThere, () => `${this.#name} was answered and is in no log`)
  }

  /** Once the first was promised, its key can not stand for anything else. */
  async #postOther(): Promise<void> {
    if (this.accepted === null) return
    const reply = await this.#create({ ...this.plan.request, reference: 'another' })
    if (reply === null) return
    // A damaged log may have lost what stands under the key: then nothing is done, and it says why.
    const isLost = reply.answer.result === 'fenced' && this.#auditor.strikes.of(this.id) !== null
    this.#stage.violations.check(
      'I2',
      reply.answer.result === 'key_reused' || isLost,
      () =>
        `another request under the key of ${this.#name} was ${reply.answer.result}, and nothing of it is done`,
    )
  }

  async #cancel(): Promise<void> {
    const ask = (): Promise<CancelReply | null> =>
      this.#host().call(this.worker, 'cancel', (engine) =>
        engine.cancel(TENANT, `cancel-${this.plan.index}`, BY),
      )
    const reply = await this.#insist(ask)
    if (reply?.answer.result !== 'canceled' || this.#isStruck) return
    const phase = this.#auditor.transfers.get(this.id)?.state.phase
    this.#stage.violations.check(
      'I5',
      phase === 'canceled',
      () => `${this.#name} was told to be canceled and is ${phase}`,
    )
  }

  async #speedUp(command: string): Promise<void> {
    await this.#insist(() =>
      this.#host().call(this.worker, 'speed up', async (engine) =>
        engine.speedUp(TENANT, `${command}-${this.plan.index}`, BY),
      ),
    )
  }

  async #read(): Promise<void> {
    const document = await this.#insist(() =>
      this.#host().call(this.worker, 'read', (engine) => engine.read(TENANT)),
    )
    if (document === null || this.#isStruck) return
    const book = this.#auditor.transfers.get(this.id)
    this.#stage.violations.check(
      'I9',
      book?.digests.get(document.seq) === document.head,
      () => `${this.#name} was read at ${document.seq}, which is not committed`,
    )
  }

  /** Its log is not what it was: what it tells is weighed when all is quiet. */
  get #isStruck(): boolean {
    return this.#auditor.strikes.of(this.id) !== null
  }

  get #name(): string {
    return `t${this.plan.index}`
  }
}

function textOf(request: TransferRequest): Record<string, string> {
  return Object.fromEntries(
    Object.entries(request).map(([name, value]) => [
      name,
      JSON.stringify(value, (_key, one: unknown) => (typeof one === 'bigint' ? String(one) : one)) ?? '',
    ]),
  )
}
