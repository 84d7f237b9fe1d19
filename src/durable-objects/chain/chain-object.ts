// One chain's actor: the shell around ChainEngine. Owns head, block-hash chain, finality and the standing subscription.
// Holds no transfers and no hashes of ours.

import { DurableObject } from 'cloudflare:workers'
import { chainNodes, probeEndpoints, routerOf, subscriptionUrl } from '../../shared/adapters/chain-nodes.ts'
import { logEvent } from '../../shared/adapters/json-log.ts'
import type { ChainFacts } from '../../shared/chain/account-facts.ts'
import type { BlockRef } from '../../shared/chain/block.ts'
import type { ChainId } from '../../shared/chain/chain-id.ts'
import type { ChainPolicy } from '../../shared/chain/policy.ts'
import type { WitnessAnswer, Witnessed } from '../../shared/chain/witness.ts'
import type { IncludedTransfer } from '../../shared/fees/fee-baseline.ts'
import type { FeeGuide } from '../../shared/fees/fee-guide.ts'
import type { FeeOutlook } from '../../shared/fees/fee-outlook.ts'
import { assertDefined } from '../../shared/lib/assert.ts'
import { unixMs } from '../../shared/lib/time.ts'
import type { ArchivedActor, ArchiveReceipt, Delivery } from '../../shared/ports/archived-actor.ts'
import type {
  AskingSigner,
  ChainActor,
  ChainSummary,
  Depth,
  WatchAnswer,
  WatchedSigner,
} from '../../shared/ports/chain-actor.ts'
import type { ChainNode } from '../../shared/ports/chain-node.ts'
import type { LeaseAnswer, LeaseRequest, Lessor } from '../../shared/ports/endpoint-lessor.ts'
import { type ActorNamespace, signerObjectName } from '../../shared/ports/namespace.ts'
import type { SignerActor } from '../../shared/ports/signer-actor.ts'
import type { EndpointStanding } from '../../shared/routing/standing.ts'
import {
  parseChainPolicies,
  parseEndpoints,
  parseWalProfile,
  traitsOf,
} from '../../shared/schema/deployment.ts'
import { type ArchivingEnv, archiveOf } from '../archive/archive-of.ts'
import { ChainEngine } from './chain-engine.ts'
import { EndpointDesk } from './endpoint-desk.ts'
import { FeeWatch } from './fee-watch.ts'
import { HeadSubscription } from './head-subscription.ts'

export type ChainEnv = {
  readonly CHAINS: string
  readonly WAL_PROFILE: string
  readonly RPC_ENDPOINTS: string
  readonly SIGNER: ActorNamespace<Pick<SignerActor, 'facts'>>
} & ArchivingEnv

export class ChainObject extends DurableObject<ChainEnv> implements ChainActor, ArchivedActor {
  readonly #engine: ChainEngine
  readonly #subscription: HeadSubscription
  /** Made when it is first needed: most lives of an object are asked for no fees. */
  #fees: FeeWatch | null = null
  #desk: EndpointDesk | null = null

  constructor(ctx: DurableObjectState, env: ChainEnv) {
    super(ctx, env)
    this.#subscription = new HeadSubscription(() => {
      this.#background(this.#engine.hint())
      this.#keepMeasures()
    })
    this.#engine = new ChainEngine({
      storage: ctx.storage,
      keeping: { profile: parseWalProfile(env.WAL_PROFILE), now: () => Date.now() },
      now: () => unixMs(Date.now()),
      policy: (chain) => this.#policy(chain),
      nodes: ({ chain }) => this.#nodes(chain),
      subscribe: ({ chain }) => this.#subscribe(chain),
      unsubscribe: () => this.#subscription.close(),
      tell: (chain, address, facts) => env.SIGNER.getByName(signerObjectName(chain, address)).facts(facts),
      background: (work) => this.#background(work),
      log: (event, fields) => logEvent('warn', event, fields),
      archive: archiveOf(env, (work) => this.#background(work)),
    })
  }

  watch(chain: ChainId, signer: AskingSigner): Promise<WatchAnswer> {
    return this.#engine.watch(chain, signer)
  }

  facts(chain: ChainId, signer: WatchedSigner): Promise<ChainFacts> {
    return this.#engine.facts(chain, signer)
  }

  async witness(chain: ChainId, signer: WatchedSigner, head: Witnessed): Promise<WitnessAnswer> {
    return this.#engine.witness(chain, signer, head)
  }

  depth(chain: ChainId, block: BlockRef): Promise<Depth> {
    return this.#engine.depth(chain, block)
  }

  summary(chain: ChainId): Promise<ChainSummary> {
    return this.#engine.summary(chain)
  }

  async fees(chain: ChainId): Promise<FeeOutlook | null> {
    return this.#feesOf(chain).outlook()
  }

  async feeGuide(chain: ChainId): Promise<FeeGuide | null> {
    return this.#feesOf(chain).guide()
  }

  async lease(chain: ChainId, request: LeaseRequest): Promise<LeaseAnswer> {
    return this.#deskOf(chain).lease(request)
  }

  async endpoints(chain: ChainId): Promise<readonly EndpointStanding[]> {
    return this.#deskOf(chain).standings(routerOf(this.env.RPC_ENDPOINTS, chain).report)
  }

  async feeBaselines(chain: ChainId, transfers: readonly IncludedTransfer[]) {
    return this.#feesOf(chain).baselines(transfers)
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
    this.#keepMeasures()
    await this.#logged(this.#engine.wake())
  }

  /** While the chain is followed. Nothing waits for it: an endpoint that is slow to tell of itself must not stop the following. */
  #keepMeasures(): void {
    const chain = this.#engine.followed
    if (chain === null) return
    this.#background(this.#feesOf(chain).keep())
    this.#background(probeEndpoints(this.env.RPC_ENDPOINTS, chain, this.#lessorOf(chain)))
  }

  #feesOf(chain: ChainId): FeeWatch {
    this.#fees ??= new FeeWatch({
      storage: this.ctx.storage,
      now: () => unixMs(Date.now()),
      nodes: () => this.#nodes(chain),
      blockTimeMs: () => this.#policy(chain).block_time_ms,
      log: (event, fields) => logEvent('warn', event, { chain, ...fields }),
    })
    return this.#fees
  }

  #policy(chain: ChainId): ChainPolicy {
    return assertDefined(parseChainPolicies(this.env.CHAINS).get(chain), `${chain} is in CHAINS`)
  }

  #subscribe(chain: ChainId): boolean {
    const url = subscriptionUrl(parseEndpoints(this.env.RPC_ENDPOINTS).get(chain) ?? [])
    return url !== null && this.#subscription.ensure(url, Date.now())
  }

  /** The blocks of a chain are followed at one endpoint as long as it is well: another one may have others at its head. */
  #nodes(chain: ChainId): Promise<readonly ChainNode[]> {
    const asking = { purpose: 'read', key: chain } as const
    return chainNodes(this.env.RPC_ENDPOINTS, chain, this.#lessorOf(chain), asking)
  }

  #lessorOf(chain: ChainId): Lessor {
    return async (request) => this.#deskOf(chain).lease(request)
  }

  #deskOf(chain: ChainId): EndpointDesk {
    this.#desk ??= new EndpointDesk({
      storage: this.ctx.storage,
      now: () => unixMs(Date.now()),
      endpoints: () => (parseEndpoints(this.env.RPC_ENDPOINTS).get(chain) ?? []).map(traitsOf),
    })
    return this.#desk
  }

  #background(work: Promise<void>): void {
    this.ctx.waitUntil(this.#logged(work))
  }

  async #logged(work: Promise<void>): Promise<void> {
    try {
      await work
    } catch (error) {
      logEvent('error', 'chain.failed', { object: this.ctx.id.name ?? '', error })
    }
  }
}
