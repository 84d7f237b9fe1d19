// One transfer's actor: the shell around TransferEngine. Owns the intent, the public status, the log and the sockets
// that watch it. Never signs, never chooses a nonce, never talks to an RPC endpoint.

import { DurableObject } from 'cloudflare:workers'
import { logEvent } from '../../shared/adapters/json-log.ts'
import type { Address } from '../../shared/chain/address.ts'
import type { ChainId } from '../../shared/chain/chain-id.ts'
import { unixMs } from '../../shared/lib/time.ts'
import type { ArchivedActor, ArchiveReceipt, Delivery } from '../../shared/ports/archived-actor.ts'
import type { ChainActor } from '../../shared/ports/chain-actor.ts'
import { type ActorNamespace, signerObjectName } from '../../shared/ports/namespace.ts'
import type { SignerActor, SignerName } from '../../shared/ports/signer-actor.ts'
import type {
  CancelReply,
  CreateReply,
  Heard,
  Nudged,
  SpeedUpReply,
  StatusChange,
  TransferActor,
} from '../../shared/ports/transfer-actor.ts'
import { paceOf, parseWalProfile } from '../../shared/schema/deployment.ts'
import type { EventMessage, SubmissionMessage, TransferRow } from '../../shared/schema/queue-messages.ts'
import type { TransferDocument } from '../../shared/schema/transfer-document.ts'
import type { RecordProofDocument, WalDocument } from '../../shared/schema/wal-document.ts'
import type { TenantId } from '../../shared/tenancy/tenant-id.ts'
import type { BindAnswer, CreateInput } from '../../shared/transfer/decide.ts'
import type { StepReport } from '../../shared/transfer/step-report.ts'
import type { By } from '../../shared/wal/by.ts'
import { type ArchivingEnv, archiveOf } from '../archive/archive-of.ts'
import { Projection } from './projection.ts'
import { publish } from './publish.ts'
import { subscribe } from './subscribers.ts'
import { TransferEngine } from './transfer-engine.ts'

/**
 * How long a change waits for the next one before the read model and, by the same message, the archive are told: a good
 * transfer makes three in this time. Each message costs two calls into this object, and a list may be this much behind.
 */
const PROJECTION_LINGER_MS = 500

export type TransferEnv = {
  readonly CHAINS: string
  readonly WAL_PROFILE: string
  readonly SUBMISSIONS: { send(message: SubmissionMessage): Promise<unknown> }
  readonly EVENTS: { send(message: EventMessage): Promise<unknown> }
  readonly SIGNER: ActorNamespace<Pick<SignerActor, 'withdraw' | 'hasten' | 'report'>>
  readonly CHAIN: ActorNamespace<Pick<ChainActor, 'depth'>>
} & ArchivingEnv

export class TransferObject extends DurableObject<TransferEnv> implements TransferActor, ArchivedActor {
  readonly #engine: TransferEngine

  constructor(ctx: DurableObjectState, env: TransferEnv) {
    super(ctx, env)
    const projection = new Projection({
      linger: () => scheduler.wait(PROJECTION_LINGER_MS),
      row: () => this.#engine.outbox.untoldRow(),
      send: (message) => env.EVENTS.send(message),
      background: (work) => this.#background(work),
    })
    this.#engine = new TransferEngine({
      storage: ctx.storage,
      keeping: { profile: parseWalProfile(env.WAL_PROFILE), now: () => Date.now() },
      now: () => unixMs(Date.now()),
      pace: (chain) => paceOf(env.CHAINS, chain),
      enqueue: async (message) => {
        await env.SUBMISSIONS.send(message)
      },
      project: () => projection.soon(),
      withdraw: (signer, key, cause) => this.#signer(signer).withdraw(signer, key, cause),
      hasten: (signer, key, command) => this.#signer(signer).hasten(signer, key, command),
      pull: (signer, key) => this.#signer(signer).report(signer, key),
      depth: (chain: ChainId, block) => env.CHAIN.getByName(chain).depth(chain, block),
      // A row tells the archive too.
      archive: { ...archiveOf(env, (work) => this.#background(work)), announce: () => projection.soon() },
      publish: () => {
        if (this.#engine.journal !== null) publish(ctx.getWebSockets(), this.#engine.journal)
      },
      background: (work) => this.#background(work),
      damaged: (object, damage) => logEvent('error', 'log.damaged', { object, ...damage }),
    })
    // Answered by the platform while the object sleeps.
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair('ping', 'pong'))
  }

  async create(input: CreateInput, by: By): Promise<CreateReply> {
    return this.#engine.create(input, by)
  }

  async read(tenant: TenantId): Promise<TransferDocument | null> {
    return this.#engine.read(tenant)
  }

  async history(tenant: TenantId): Promise<readonly StatusChange[] | null> {
    return this.#engine.history(tenant)
  }

  async wal(tenant: TenantId, afterSeq: number, limit: number): Promise<WalDocument | null> {
    return this.#engine.wal(tenant, afterSeq, limit)
  }

  async proof(tenant: TenantId, seq: number): Promise<RecordProofDocument | 'unknown' | null> {
    return this.#engine.proof(tenant, seq)
  }

  async cancel(tenant: TenantId, command: string, by: By): Promise<CancelReply | null> {
    return this.#engine.cancel(tenant, command, by)
  }

  async speedUp(tenant: TenantId, command: string, by: By): Promise<SpeedUpReply | null> {
    return this.#engine.speedUp(tenant, command, by)
  }

  /** The code of before a deployment gives no choice. */
  async bind(choice: Address | null = null): Promise<BindAnswer> {
    return this.#engine.bind(choice)
  }

  async hear(news: StepReport): Promise<Heard> {
    return this.#engine.hear(news)
  }

  async report(news: StepReport): Promise<boolean> {
    return this.#engine.report(news)
  }

  async row(): Promise<TransferRow | null> {
    return this.#engine.row()
  }

  async acknowledgeProjection(incarnation: number, seq: number): Promise<void> {
    this.#engine.acknowledgeProjection(incarnation, seq)
  }

  async acknowledgeOutbox(incarnation: number, seq: number): Promise<void> {
    this.#engine.acknowledgeOutbox(incarnation, seq)
  }

  async deliver(): Promise<Delivery | null> {
    return this.#engine.archive.deliver()
  }

  async acknowledgeArchive(receipt: ArchiveReceipt): Promise<void> {
    this.#engine.acknowledgeArchive(receipt)
  }

  async nudge(source: 'cron' | 'reconciliation'): Promise<Nudged | null> {
    const seqBefore = this.#engine.journal?.wal.head.seq ?? 0
    await this.#engine.wake(source)
    const row = this.#engine.row()
    return row === null ? null : { seqBefore, row }
  }

  override async alarm(): Promise<void> {
    // Never throws: the platform gives up an alarm after six failures, and ours is set again before anything is tried.
    await this.#logged('alarm', this.#engine.wake('alarm'))
  }

  /** GET /live?after_seq=N with an upgrade; who may see this transfer was checked by the Worker. */
  override async fetch(request: Request): Promise<Response> {
    const { journal } = this.#engine
    if (journal === null) return new Response(null, { status: 404 })
    if (request.headers.get('Upgrade') !== 'websocket') return new Response(null, { status: 426 })
    const afterSeq = Number(new URL(request.url).searchParams.get('after_seq') ?? 0)
    return subscribe(this.ctx, journal, afterSeq, request.headers.get('Sec-WebSocket-Protocol'))
  }

  override webSocketClose(socket: WebSocket): void {
    socket.close()
  }

  #signer({ chain, address }: SignerName): Pick<SignerActor, 'withdraw' | 'hasten' | 'report'> {
    return this.env.SIGNER.getByName(signerObjectName(chain, address))
  }

  #background(work: Promise<void>): void {
    this.ctx.waitUntil(this.#logged('background', work))
  }

  async #logged(doing: string, work: Promise<void>): Promise<void> {
    try {
      await work
    } catch (error) {
      logEvent('error', 'transfer.failed', { object: this.ctx.id.name ?? '', doing, error })
    }
  }
}
