// The objects of a deployment as hosts: the product's own engines, given storage, time and ways out of this world. What is
// wired here is what the shells wire in src/durable-objects/*-object.ts.

import { ChainEngine } from '../../src/durable-objects/chain/chain-engine.ts'
import { EndpointDesk } from '../../src/durable-objects/chain/endpoint-desk.ts'
import { askAccount } from '../../src/durable-objects/signer/ask-account.ts'
import { SignerEngine } from '../../src/durable-objects/signer/signer-engine.ts'
import { Projection } from '../../src/durable-objects/transfer/projection.ts'
import { publish, type Subscriber } from '../../src/durable-objects/transfer/publish.ts'
import { TransferEngine } from '../../src/durable-objects/transfer/transfer-engine.ts'
import type { KeepingOptions } from '../../src/durable-objects/wal/keeping.ts'
import { broadcastAttempts } from '../../src/shared/adapters/broadcast.ts'
import type { Asking } from '../../src/shared/adapters/routing/router.ts'
import type { Address } from '../../src/shared/chain/address.ts'
import type { ChainPolicy } from '../../src/shared/chain/policy.ts'
import type { FeeGuide } from '../../src/shared/fees/fee-guide.ts'
import { unixMs } from '../../src/shared/lib/time.ts'
import { signerObjectName } from '../../src/shared/ports/namespace.ts'
import type { TransactionSigner } from '../../src/shared/ports/transaction-signer.ts'
import type { Visibility } from '../../src/shared/routing/visibility.ts'
import { toOutboxesMessages } from '../../src/shared/schema/queue-messages.ts'
import type { SimArchive } from './archive.ts'
import type { NodeWorld } from './chain/node.ts'
import { endpointTraits, newRouters, partyTimer, routedNodes } from './chain/routing.ts'
import { Host } from './host.ts'
import type { SimQueue } from './queue.ts'
import type { Stage } from './stage.ts'

/** Milliseconds. Less than in the shell: more messages, of which more can go wrong. */
const PROJECTION_LINGER_MS = 150
/** As in the shell. Milliseconds. */
const NEWS_LINGER_MS = 40

/** Histories are short. */
const REBIND_MS = 12_000

export type TransferHost = Host<TransferEngine>
export type SignerHost = Host<SignerEngine>
export type ChainHost = Host<ChainEngine & { readonly desk: EndpointDesk }>

/** Where actors find each other. */
export type Actors = {
  transfer(id: string): TransferHost
  signer(name: string): SignerHost
  chain(name: string): ChainHost
}

export type ActorParts = {
  readonly stage: Stage
  readonly actors: Actors
  readonly policy: ChainPolicy
  readonly nodes: NodeWorld
  readonly signer: TransactionSigner
  /** What a chain's object tells of prices. */
  readonly feeGuide: () => FeeGuide | null
  readonly submissions: SimQueue
  readonly events: SimQueue
  readonly sockets: (transfer: string) => Iterable<Subscriber>
  readonly archive: SimArchive
  readonly keeping: KeepingOptions
  /** An object says that its log is damaged. */
  readonly onDamaged: (name: string) => void
}

export function transferHost(parts: ActorParts, id: string): TransferHost {
  const { stage, actors, policy, submissions, events } = parts
  return new Host(stage, 'TransferObject', id, (host) => {
    const projection = new Projection({
      linger: () => host.wait(PROJECTION_LINGER_MS),
      row: () => engine.outbox.untoldRow(),
      send: (message) => events.send(host, message),
      background: (work) => host.background(work),
    })
    const engine: TransferEngine = new TransferEngine({
      storage: host.storage,
      keeping: parts.keeping,
      now: () => host.now(),
      pace: () => ({
        blockTimeMs: policy.block_time_ms,
        confirmations: policy.confirmations,
        finalityMs: policy.finality.depth * policy.block_time_ms,
        rebindMs: REBIND_MS,
      }),
      enqueue: (message) => submissions.send(host, message),
      project: () => projection.soon(),
      withdraw: (name, key, cause) =>
        actors
          .signer(signerObjectName(name.chain, name.address))
          .call(host, 'withdraw', (signer) => signer.withdraw(name, key, cause)),
      hasten: (name, key, command) =>
        actors
          .signer(signerObjectName(name.chain, name.address))
          .call(host, 'hasten', (signer) => signer.hasten(name, key, command)),
      pull: (name, key) =>
        actors
          .signer(signerObjectName(name.chain, name.address))
          .call(host, 'report?', (signer) => signer.report(name, key)),
      depth: (chain, block) => actors.chain(chain).call(host, 'depth', (one) => one.depth(chain, block)),
      publish: () => {
        if (engine.journal !== null) publish(parts.sockets(id), engine.journal)
      },
      background: (work) => host.background(work),
      damaged: () => parts.onDamaged(id),
      archive: parts.archive.port(host, () => ({
        deliver: () => engine.archive.deliver(),
        acknowledge: (receipt) => engine.acknowledgeArchive(receipt),
      })),
    })
    return engine
  })
}

export function signerHost(parts: ActorParts, name: string): SignerHost {
  const { stage, actors, policy, signer, nodes } = parts
  const latency = stage.chance.stream('latency key')
  return new Host(stage, 'SignerObject', name, (host) => {
    const routers = newRouters(nodes, () => host.now(), partyTimer(host))
    const nodesOf = (purpose: Asking['purpose'], address: Address, visibility: Visibility) =>
      routedNodes(
        host,
        nodes,
        routers,
        (request) => actors.chain(policy.chain).call(host, 'lease', (one) => one.desk.lease(request)),
        { purpose, key: address },
        visibility,
      )
    const engine: SignerEngine = new SignerEngine({
      storage: host.storage,
      keeping: parts.keeping,
      now: () => host.now(),
      signer: {
        holds: (address) => signer.holds(address),
        // A place that holds keys takes its time.
        sign: async (address, transaction) => {
          await host.wait(latency.between(1, 20))
          return signer.sign(address, transaction)
        },
        signBatch: async (address, batch) => {
          await host.wait(latency.between(1, 20))
          return signer.signBatch(address, batch)
        },
      },
      policy: () => policy,
      watch: ({ chain }, watched) =>
        actors.chain(chain).call(host, 'watch', (one) => one.watch(chain, watched)),
      chainFacts: ({ chain }, watched) =>
        actors.chain(chain).call(host, 'facts?', (one) => one.facts(chain, watched)),
      witness: ({ chain }, shown, head) =>
        actors.chain(chain).call(host, 'witness', (one) => one.witness(chain, shown, head)),
      account: async (_policy, query, { besides, visibility }, isUsable) =>
        askAccount(
          await nodesOf('read', query.address, visibility),
          query,
          besides,
          isUsable,
          () => {},
          partyTimer(host),
        ),
      carrier: ({ chain, address }) => {
        const carrier = actors.signer(signerObjectName(chain, address))
        return {
          admit: (named, admissions) => carrier.call(host, 'carry', (one) => one.admit(named, admissions)),
          outcomes: (told) => carrier.call(host, 'outcomes', async (one) => one.outcomes(told)),
          report: (named, key) => carrier.call(host, 'report?', (one) => one.report(named, key)),
          withdraw: (named, key, cause) =>
            carrier.call(host, 'withdraw', (one) => one.withdraw(named, key, cause)),
        }
      },
      feeGuide: ({ chain }) => actors.chain(chain).call(host, 'feeGuide', async () => parts.feeGuide()),
      broadcast: ({ address }, attempts) =>
        broadcastAttempts(
          (visibility) => nodesOf('broadcast', address, visibility),
          attempts,
          partyTimer(host),
        ),
      tell: (report) =>
        actors.transfer(report.transfer).call(host, 'report', (transfer) => transfer.hear(report)),
      carry: async (outboxes) => {
        for (const message of toOutboxesMessages(outboxes)) await parts.events.send(host, message)
      },
      background: (work) => host.background(work),
      log: (event) => {
        if (event === 'log.damaged') parts.onDamaged(name)
      },
      linger: () => host.wait(NEWS_LINGER_MS),
      archive: parts.archive.port(host, () => ({
        deliver: () => engine.archive.deliver(),
        acknowledge: (receipt) => engine.archive.acknowledge(receipt),
      })),
    })
    return engine
  })
}

export function chainHost(parts: ActorParts, name: string): ChainHost {
  const { stage, actors, policy, nodes } = parts
  return new Host(stage, 'ChainObject', name, (host) => {
    const routers = newRouters(nodes, () => host.now(), partyTimer(host))
    const desk = new EndpointDesk({
      storage: host.storage,
      // Two lives of one object agree about the time, but for the grace of a lease.
      now: () => unixMs(stage.scheduler.now),
      endpoints: () => endpointTraits(nodes),
    })
    const engine: ChainEngine = new ChainEngine({
      storage: host.storage,
      keeping: parts.keeping,
      now: () => host.now(),
      policy: () => policy,
      nodes: ({ chain }) =>
        routedNodes(
          host,
          nodes,
          routers,
          async (request) => desk.lease(request),
          { purpose: 'read', key: chain },
          'public',
        ),
      subscribe: () => false,
      unsubscribe: () => {},
      tell: (chain, address, facts) =>
        actors.signer(signerObjectName(chain, address)).call(host, 'facts', (signer) => signer.facts(facts)),
      background: (work) => host.background(work),
      log: (event) => {
        if (event === 'log.damaged') parts.onDamaged(name)
      },
      archive: parts.archive.port(host, () => ({
        deliver: () => engine.archive.deliver(),
        acknowledge: (receipt) => engine.archive.acknowledge(receipt),
      })),
    })
    return Object.assign(engine, { desk })
  })
}
