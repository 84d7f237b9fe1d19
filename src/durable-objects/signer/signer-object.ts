// One account's actor: the shell around SignerEngine. The only place where a step becomes money. Knows steps, never
// what a transfer is for.

import { DurableObject } from 'cloudflare:workers'
import { broadcastAttempts } from '../../shared/adapters/broadcast.ts'
import { carryOutboxes } from '../../shared/adapters/carry-outboxes.ts'
import { chainNodes } from '../../shared/adapters/chain-nodes.ts'
import { logEvent } from '../../shared/adapters/json-log.ts'
import type { Asking } from '../../shared/adapters/routing/router.ts'
import { type SignerSettings, SignerSources } from '../../shared/adapters/signing/signer-sources.ts'
import type { ChainFacts, FactsReply } from '../../shared/chain/account-facts.ts'
import type { ChainId } from '../../shared/chain/chain-id.ts'
import type { FeeGuide } from '../../shared/fees/fee-guide.ts'
import { assertDefined } from '../../shared/lib/assert.ts'
import { unixMs } from '../../shared/lib/time.ts'
import type { ArchivedActor, ArchiveReceipt, Delivery } from '../../shared/ports/archived-actor.ts'
import type { ChainActor } from '../../shared/ports/chain-actor.ts'
import type { ChainNode } from '../../shared/ports/chain-node.ts'
import type { Lessor } from '../../shared/ports/endpoint-lessor.ts'
import { type ActorNamespace, signerObjectName } from '../../shared/ports/namespace.ts'
import type { SignerActor, SignerName, SignerSummary } from '../../shared/ports/signer-actor.ts'
import type { TransferActor } from '../../shared/ports/transfer-actor.ts'
import type { Visibility } from '../../shared/routing/visibility.ts'
import { parseChainPolicies, parseWalProfile } from '../../shared/schema/deployment.ts'
import type { Admission, AdmitReply } from '../../shared/signer/admission.ts'
import type { DelegationAnswer, DelegationWish } from '../../shared/signer/ask-delegation.ts'
import type { SignerLoad } from '../../shared/signer/load.ts'
import type { AttemptOutcome } from '../../shared/signer/state/attempt.ts'
import type { WithdrawAnswer } from '../../shared/transfer/decide.ts'
import type { WithdrawCause } from '../../shared/transfer/records.ts'
import type { StepKey, StepReport } from '../../shared/transfer/step-report.ts'
import type { By } from '../../shared/wal/by.ts'
import { type ArchivingEnv, archiveOf } from '../archive/archive-of.ts'
import { askAccount } from './ask-account.ts'
import type { Carrier } from './carrying.ts'
import { SignerEngine } from './signer-engine.ts'

/** How long news waits for more: admission, signature and broadcast of a step are then one report, not three. */
const NEWS_LINGER_MS = 40

export type SignerEnv = {
  readonly CHAINS: string
  readonly WAL_PROFILE: string
  readonly RPC_ENDPOINTS: string
  readonly CHAIN: ActorNamespace<Pick<ChainActor, 'watch' | 'facts' | 'witness' | 'feeGuide' | 'lease'>>
  readonly SIGNER: ActorNamespace<Carrier>
  readonly TRANSFER: ActorNamespace<Pick<TransferActor, 'hear'>>
} & SignerSettings &
  ArchivingEnv

export class SignerObject extends DurableObject<SignerEnv> implements SignerActor, ArchivedActor {
  readonly #engine: SignerEngine
  /** What the chain's object said last of prices, in this life of the object. */
  #guide: FeeGuide | null = null

  constructor(ctx: DurableObjectState, env: SignerEnv) {
    super(ctx, env)
    this.#engine = new SignerEngine({
      storage: ctx.storage,
      keeping: { profile: parseWalProfile(env.WAL_PROFILE), now: () => Date.now() },
      now: () => unixMs(Date.now()),
      signer: SignerSources.of(env, (url, init) => fetch(url, init)),
      policy: ({ chain }) =>
        assertDefined(parseChainPolicies(env.CHAINS).get(chain), `${chain} is in CHAINS`),
      watch: ({ chain }, signer) => env.CHAIN.getByName(chain).watch(chain, signer),
      chainFacts: ({ chain }, signer) => env.CHAIN.getByName(chain).facts(chain, signer),
      witness: ({ chain }, signer, head) => env.CHAIN.getByName(chain).witness(chain, signer, head),
      account: async ({ chain }, query, { besides, visibility }, isUsable) => {
        const nodes = await this.#nodes(chain, { purpose: 'read', key: query.address }, visibility)
        return askAccount(nodes, query, besides, isUsable, (endpoint, failure) =>
          logEvent('warn', 'signer.look_failed', { chain, endpoint, ...failure }),
        )
      },
      feeGuide: ({ chain }) => this.#feeGuide(chain),
      carrier: ({ chain, address }) => env.SIGNER.getByName(signerObjectName(chain, address)),
      broadcast: ({ chain, address }, attempts) => {
        const asking = { purpose: 'broadcast', key: address } as const
        return broadcastAttempts((visibility) => this.#nodes(chain, asking, visibility), attempts)
      },
      tell: (report) => env.TRANSFER.getByName(report.transfer).hear(report),
      carry: (outboxes) => carryOutboxes(env.EVENTS, outboxes),
      background: (work) => this.#background(work),
      log: (event, fields) => logEvent('warn', event, fields),
      linger: () => scheduler.wait(NEWS_LINGER_MS),
      archive: archiveOf(env, (work) => this.#background(work)),
    })
  }

  admit(name: SignerName, admissions: readonly Admission[]): Promise<AdmitReply> {
    return this.#engine.admit(name, admissions)
  }

  async hasten(name: SignerName, key: StepKey, command: string): Promise<void> {
    await this.#engine.hasten(name, key, command)
  }

  async withdraw(name: SignerName, key: StepKey, cause: WithdrawCause): Promise<WithdrawAnswer> {
    return this.#engine.withdraw(name, key, cause)
  }

  delegate(name: SignerName, wish: DelegationWish, command: string, by: By): Promise<DelegationAnswer> {
    return this.#engine.delegate(name, wish, command, by)
  }

  async outcomes(outcomes: readonly AttemptOutcome[]): Promise<void> {
    this.#engine.outcomes(outcomes)
  }

  async report(name: SignerName, key: StepKey): Promise<StepReport> {
    return this.#engine.report(name, key)
  }

  async facts(facts: ChainFacts): Promise<FactsReply> {
    return this.#engine.facts(facts)
  }

  async summary(name: SignerName): Promise<SignerSummary> {
    return this.#engine.summary(name)
  }

  async load(name: SignerName): Promise<SignerLoad> {
    return this.#engine.load(name)
  }

  async deliver(): Promise<Delivery | null> {
    return this.#engine.archive.deliver()
  }

  async acknowledgeArchive(receipt: ArchiveReceipt): Promise<void> {
    this.#engine.archive.acknowledge(receipt)
  }

  async nudge(): Promise<void> {
    await this.#logged(this.#engine.wake())
  }

  override async alarm(): Promise<void> {
    await this.#logged(this.#engine.wake())
  }

  /** Where the chain's object does not answer, what it said last holds on: a deadline ends the waiting all the same. */
  async #feeGuide(chain: ChainId): Promise<FeeGuide | null> {
    try {
      this.#guide = await this.env.CHAIN.getByName(chain).feeGuide(chain)
    } catch (error) {
      logEvent('warn', 'signer.no_fee_guide', { chain, error })
    }
    return this.#guide
  }

  #nodes(chain: ChainId, asking: Asking, visibility: Visibility): Promise<readonly ChainNode[]> {
    const lessor: Lessor = (request) => this.env.CHAIN.getByName(chain).lease(chain, request)
    return chainNodes(this.env.RPC_ENDPOINTS, chain, lessor, asking, visibility)
  }

  #background(work: Promise<void>): void {
    this.ctx.waitUntil(this.#logged(work))
  }

  async #logged(work: Promise<void>): Promise<void> {
    try {
      await work
    } catch (error) {
      logEvent('error', 'signer.failed', { object: this.ctx.id.name ?? '', error })
    }
  }
}
