// One whole deployment in memory: chain, endpoints, objects, queues, cron, read model and clients, put together from a seed.

import type { KeepingOptions } from '../../src/durable-objects/wal/keeping.ts'
import { broadcastAttempts } from '../../src/shared/adapters/broadcast.ts'
import type { ShownTransfer } from '../../src/shared/adapters/d1/shown-transfers.ts'
import type { Address } from '../../src/shared/chain/address.ts'
import { type ChainPolicy, visibilityFor } from '../../src/shared/chain/policy.ts'
import { unixMs } from '../../src/shared/lib/time.ts'
import type { Lessor } from '../../src/shared/ports/endpoint-lessor.ts'
import { signerObjectName } from '../../src/shared/ports/namespace.ts'
import type { SignerName } from '../../src/shared/ports/signer-actor.ts'
import type { Visibility } from '../../src/shared/routing/visibility.ts'
import { toOutboxesMessages } from '../../src/shared/schema/queue-messages.ts'
import type { SignerLoad } from '../../src/shared/signer/load.ts'
import { statusOf } from '../../src/shared/transfer/state.ts'
import { isFinal } from '../../src/shared/transfer/status.ts'
import { consumeEvents } from '../../src/workers/queues/events.ts'
import { PoolStandings } from '../../src/workers/queues/pool-choice.ts'
import { consumeSubmissions } from '../../src/workers/queues/submissions.ts'
import { addressOf, CHAIN, TENANT } from '../support/domain-values.ts'
import {
  type Actors,
  type ChainHost,
  chainHost,
  type SignerHost,
  signerHost,
  type TransferHost,
  transferHost,
} from './actors.ts'
import { SimArchive } from './archive.ts'
import { SimChain } from './chain/chain.ts'
import { drawEndpoint } from './chain/draw-endpoint.ts'
import { EXECUTOR } from './chain/executor.ts'
import { FEE_TOKEN, Ledger, MUTE_TOKEN, TOKEN } from './chain/ledger.ts'
import { Fabrications } from './chain/lies.ts'
import { BLOCK_MS, Network } from './chain/network.ts'
import { Prices } from './chain/prices.ts'
import { isolateTimer, newRouters, partyTimer, routedNodes } from './chain/routing.ts'
import { Spoiler } from './chain/spoiler.ts'
import { CARRIER, Mint, simulatedSigner, strangersFields } from './chain/transaction.ts'
import { Client } from './client.ts'
import { Cron } from './cron.ts'
import { Follower } from './follower.ts'
import { Auditor } from './invariants/auditor.ts'
import { type HistoryPlan, PUBLIC_ENDPOINTS } from './plan.ts'
import { SimQueue } from './queue.ts'
import type { ReadModel } from './read-model.ts'
import type { Stage } from './stage.ts'
import type { Worker } from './worker.ts'

/** Blocks under the head that can still be undone. */
const FINALITY_DEPTH = 4
/** Histories are short: with the product's own figures no log would come to a checkpoint or a segment. */
const BUSY_KEEPING: KeepingOptions = {
  profile: { name: 'latency', checkpointRecords: 20, segmentBytes: 3_000, quality: 1 },
  now: () => 0,
}
/** Of the questions how much a signer has to do. */
const LATE_LOAD_RATE = 0.3
/** Of the questions who is in a pool, and how long the answer takes then, at most. */
const SLOW_POOL_RATE = 0.4
const SLOW_POOL_MS = 60_000
const QUIET_KEEPING: KeepingOptions = { profile: 'auto', now: () => 0 }
const OPERATORS = ['a', 'b', 'c'] as const
/** Of private endpoints. */
const PRIVATE_OPERATORS = ['p', 'q'] as const

export class World {
  readonly stage: Stage
  readonly plan: HistoryPlan
  readonly chain: SimChain
  readonly network: Network
  readonly auditor: Auditor
  readonly readModel: ReadModel
  readonly submissions: SimQueue
  readonly events: SimQueue
  readonly cron: Cron
  readonly clients: readonly Client[]
  readonly followers = new Map<string, Follower>()
  readonly transfers = new Map<string, TransferHost>()
  readonly signers = new Map<string, SignerHost>()
  readonly chains = new Map<string, ChainHost>()
  readonly actors: Actors
  readonly archive = new SimArchive()

  constructor(stage: Stage, plan: HistoryPlan, readModel: ReadModel) {
    this.stage = stage
    this.plan = plan
    this.readModel = readModel
    const mint = new Mint()
    this.chain = new SimChain(FINALITY_DEPTH, plan.blockGas, genesisOf(plan), 2)
    for (let nonce = 0; nonce < plan.past; nonce++) this.#minePast(mint, nonce)
    for (let block = 0; block <= FINALITY_DEPTH; block++) this.chain.mine([], 0)
    this.auditor = new Auditor(stage, this.chain)
    const spoiler = new Spoiler(stage)
    this.chain.spoiledIn = (transaction) => spoiler.placesIn(transaction)
    this.chain.onHead = (head, removed) => this.auditor.head(head, removed)
    const prices = new Prices(plan.prices, stage.chance)
    this.auditor.caps = plan.prices.caps
    this.auditor.privacy.hide(plan.transfers)
    this.network = new Network({
      stage,
      chain: this.chain,
      mint,
      accounts: [...plan.accounts, ...plan.carriers],
      prices,
      endpoints: operatorsOf(plan).map((operator, index) =>
        drawEndpoint(stage, this.chain, {
          operator,
          index,
          hasTag: plan.hasTag,
          isPrivate: index >= PUBLIC_ENDPOINTS,
        }),
      ),
      isBusy: () => this.isWaitingForBlocks,
    })
    const liar = plan.liar === null ? null : (this.network.parts.endpoints[plan.liar] ?? null)
    const nodes = {
      network: this.network,
      liar,
      fabrications: new Fabrications(),
      onBroadcast: this.auditor.broadcast.bind(this.auditor),
      onLook: this.auditor.privacy.look.bind(this.auditor.privacy),
    }
    const standings = new PoolStandings()
    const isolate = () => newRouters(nodes, () => unixMs(stage.scheduler.now), isolateTimer(stage))
    const isolates = [isolate(), isolate()] as const
    this.submissions = new SimQueue(stage, 'submissions', (batch, worker) =>
      consumeSubmissions(batch, {
        now: () => worker.now(),
        standings,
        shown: async (ids) => this.#shown(ids),
        members: () => this.#membersOfPool(worker),
        visibilityFor: (_chain, account) => visibilityFor(policyOf(plan), account),
        load: (signer) => this.#load(worker, signer),
        transfers: { getByName: (id) => this.cron.transferStub(worker, id) },
        signers: { getByName: (name) => this.cron.signerStub(worker, name) },
        carry: async (outboxes) => {
          for (const message of toOutboxesMessages(outboxes)) await this.events.send(worker, message)
        },
        broadcast: async ({ address }, attempts) => {
          const isolate = stage.chance.stream('isolates').pick(isolates)
          const lease: Lessor = (request) =>
            this.actors.chain(CHAIN).call(worker, 'lease', (one) => one.desk.lease(request))
          const asking = { purpose: 'broadcast', key: address } as const
          const nodesOf = (visibility: Visibility) =>
            routedNodes(worker, nodes, isolate, lease, asking, visibility)
          return broadcastAttempts(nodesOf, attempts, partyTimer(worker))
        },
        log: () => {},
      }),
    )
    this.events = new SimQueue(stage, 'events', (batch, worker) =>
      consumeEvents(batch, {
        transfers: { getByName: (id) => this.cron.transferStub(worker, id) },
        project: async (rows) => this.cron.project(rows),
        archive: async (_announced, carried) => this.archive.take(carried),
        log: () => {},
      }),
    )
    this.actors = {
      transfer: (id) => this.#host(this.transfers, id, () => this.#makeTransfer(parts, id)),
      signer: (name) => this.#host(this.signers, name, () => this.#makeSigner(parts, name)),
      chain: (name) => this.#host(this.chains, name, () => this.#makeChain(parts, name)),
    }
    const parts = {
      stage,
      actors: this.actors,
      policy: policyOf(plan),
      nodes,
      feeGuide: () => prices.guide(this.chain.baseFee),
      signer: simulatedSigner(mint, new Set([...plan.accounts, ...plan.carriers]), () =>
        stage.faults.strikes('key_unavailable'),
      ),
      submissions: this.submissions,
      events: this.events,
      archive: this.archive,
      keeping: plan.keepsHouse ? BUSY_KEEPING : QUIET_KEEPING,
      onDamaged: (name: string) => this.auditor.strikes.tell(name),
      sockets: (transfer: string) => this.followers.get(transfer)?.sockets ?? [],
    }
    this.cron = new Cron(this)
    this.clients = plan.transfers.map((transfer) => this.#client(transfer))
  }

  begin(): void {
    for (const client of this.clients) {
      client.begin()
      const { followAt } = client.plan
      if (followAt !== null) this.followers.get(client.id)?.begin(followAt)
    }
    this.cron.begin()
  }

  get hosts(): readonly (TransferHost | SignerHost | ChainHost)[] {
    return [...this.transfers.values(), ...this.signers.values(), ...this.chains.values()]
  }

  /** Whether somebody's next move needs a block. */
  get isWaitingForBlocks(): boolean {
    for (const { state } of this.auditor.signers.values())
      if (state.slots.size + state.pool.size + state.carried.size > 0) return true
    for (const { state } of this.auditor.transfers.values()) {
      if ('slot' in state && !isFinal(statusOf(state))) return true
    }
    return false
  }

  /** Every transfer that is in a log has its end there. */
  get isFinished(): boolean {
    if (!this.stage.faults.isOver) return false
    for (const { state } of this.auditor.transfers.values()) {
      if (state.phase !== 'none' && !isFinal(statusOf(state))) return false
    }
    return true
  }

  close(): void {
    for (const { storage } of this.hosts) storage.close()
    this.readModel.empty()
  }

  #host<Kind>(hosts: Map<string, Kind>, name: string, make: () => Kind): Kind {
    const known = hosts.get(name)
    if (known !== undefined) return known
    const made = make()
    hosts.set(name, made)
    return made
  }

  #makeTransfer(parts: Parameters<typeof transferHost>[0], id: string): TransferHost {
    const host = transferHost(parts, id)
    host.onDeath = (isEviction) => {
      if (!isEviction) this.followers.get(id)?.cut()
    }
    host.mayLoseAlarm = () => this.readModel.row(id)?.is_final === 0
    this.auditor.watchTransfer(host)
    return host
  }

  #makeSigner(parts: Parameters<typeof signerHost>[0], name: string): SignerHost {
    const host = signerHost(parts, name)
    host.mayLoseAlarm = () =>
      // What the sweep would find it by.
      this.readModel
        .unfinished('', Number.MAX_SAFE_INTEGER)
        .some(({ chain, signer }) => `${chain}/${signer}` === name)
    this.auditor.watchSigner(host)
    return host
  }

  #makeChain(parts: Parameters<typeof chainHost>[0], name: string): ChainHost {
    const host = chainHost(parts, name)
    this.auditor.watchChain(host)
    return host
  }

  /** One that does not answer in time is passed over: so the same transfer is not always chosen for in the same way. */
  #load(worker: Worker, signer: SignerName): Promise<SignerLoad> {
    const isLate = this.stage.chance.stream('pool loads').happens(LATE_LOAD_RATE)
    if (isLate) return Promise.reject(new Error('no answer in time'))
    return this.cron.signerStub(worker, signerObjectName(signer.chain, signer.address)).load(signer)
  }

  #shown(ids: readonly string[]): readonly ShownTransfer[] {
    if (this.stage.faults.strikes('read_model_down')) throw new Error('the read model is down')
    return ids.flatMap((id) => this.readModel.row(id) ?? [])
  }

  /** The operator put all accounts into every pool. A slow answer lets another message be asked about meanwhile. */
  async #membersOfPool(worker: Worker): Promise<readonly Address[]> {
    const stream = this.stage.chance.stream('latency pool')
    const delayMs = stream.happens(SLOW_POOL_RATE) ? stream.between(1, SLOW_POOL_MS) : stream.between(1, 20)
    await new Promise<void>((resolve) => worker.hear(delayMs, '< members', worker.life, resolve))
    if (this.stage.faults.strikes('read_model_down')) throw new Error('the database is down')
    return this.plan.accounts
  }

  #client(plan: HistoryPlan['transfers'][number]): Client {
    const client = new Client(this.stage, plan, () => this.actors.transfer(client.id), this.auditor)
    if (plan.followAt !== null) {
      this.followers.set(
        client.id,
        new Follower(this.stage, `t${plan.index}`, () => this.actors.transfer(client.id)),
      )
    }
    return client
  }

  #minePast(mint: Mint, nonce: number): void {
    const past = this.plan.accounts.map((account) =>
      mint.sign(strangersFields(account, nonce, account, 100n)),
    )
    this.chain.mine(past, 0)
  }
}

function policyOf(plan: HistoryPlan): ChainPolicy {
  return {
    chain: CHAIN,
    name: 'simulated',
    native_symbol: 'SIM',
    block_time_ms: BLOCK_MS,
    confirmations: 1,
    finality: { tag: true, min_depth: 1, depth: FINALITY_DEPTH },
    window: plan.window,
    batch:
      plan.delegateFrom === null
        ? null
        : {
            executor: EXECUTOR,
            delegate: 'on_need',
            delegate_from: plan.delegateFrom,
            carry_from: plan.carryFrom,
            carriers: plan.carriers.map((address) => ({ tenant: TENANT, address })),
          },
    private_signers: plan.privateAccount?.isNamed === true ? [plan.privateAccount.address] : null,
    fee_caps: { ...plan.prices.caps, signers: {} },
    // Where nobody knows prices nobody asks for them.
    price_waits: plan.prices.outlook === 'unknown' ? 'economy' : 'all',
  }
}

function operatorsOf({ privateEndpoints }: HistoryPlan): readonly string[] {
  return [...OPERATORS, ...PRIVATE_OPERATORS.slice(0, privateEndpoints)]
}

function genesisOf(plan: HistoryPlan): Ledger {
  const ledger = new Ledger()
  for (const account of plan.accounts) {
    ledger.pay(account, plan.funds)
    for (const token of [TOKEN, FEE_TOKEN, MUTE_TOKEN]) ledger.give(token, account, 1_000_000_000n)
  }
  for (const carrier of plan.carriers) ledger.pay(carrier, plan.funds)
  ledger.pay(addressOf(0xee), 1n)
  ledger.pay(CARRIER, 1_000_000_000n)
  return ledger
}

export function signerNames(plan: HistoryPlan): readonly string[] {
  return plan.accounts.map((account) => signerObjectName(CHAIN, account))
}
