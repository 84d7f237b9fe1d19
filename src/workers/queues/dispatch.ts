// Which consumer serves which queue, and what of the environment each of them sees. The names are those of wrangler.toml.

import { z } from 'zod'
import { type ArchiveEnv, writePack } from '../../shared/adapters/archive/write-archive.ts'
import { broadcastAttempts } from '../../shared/adapters/broadcast.ts'
import { chainNodes } from '../../shared/adapters/chain-nodes.ts'
import { membersOfPool } from '../../shared/adapters/d1/pool-members.ts'
import { projectRows } from '../../shared/adapters/d1/project-rows.ts'
import { shownStatement } from '../../shared/adapters/d1/shown-transfers.ts'
import { logEvent } from '../../shared/adapters/json-log.ts'
import { unixMs } from '../../shared/lib/time.ts'
import type { ArchivedActor } from '../../shared/ports/archived-actor.ts'
import type { ChainActor } from '../../shared/ports/chain-actor.ts'
import type { Lessor } from '../../shared/ports/endpoint-lessor.ts'
import { type ActorNamespace, signerObjectName } from '../../shared/ports/namespace.ts'
import type { SignerActor } from '../../shared/ports/signer-actor.ts'
import type { TransferActor } from '../../shared/ports/transfer-actor.ts'
import { type OutboxesMessage, toOutboxesMessages } from '../../shared/schema/queue-messages.ts'
import { within } from '../api/dependency.ts'
import { type ArchiveDeps, archiveLogs } from './archive.ts'
import { parkMessages } from './dead-letters.ts'
import { consumeEvents, type EventsDeps } from './events.ts'
import { PoolStandings } from './pool-choice.ts'
import { consumeSubmissions, type SubmissionsDeps } from './submissions.ts'

/** By the actors' ports: of a namespace that is two types at once, only the first one's names could be called. */
export type QueuesEnv = ArchiveEnv & {
  readonly RPC_ENDPOINTS: string
  readonly EVENTS: { send(message: OutboxesMessage): Promise<unknown> }
  readonly TRANSFER: ActorNamespace<
    ArchivedActor & Pick<TransferActor, 'bind' | 'row' | 'acknowledgeProjection' | 'acknowledgeOutbox'>
  >
  readonly SIGNER: ActorNamespace<ArchivedActor & Pick<SignerActor, 'admit' | 'outcomes' | 'load'>>
  readonly CHAIN: ActorNamespace<ArchivedActor & Pick<ChainActor, 'lease'>>
}

/** Milliseconds. A signer that is slow to look at its account must not keep its pool waiting. */
const LOAD_WAIT_MS = 1_000

const shownRow = z.object({ id: z.string(), incarnation: z.number(), seq: z.number() })

/** Of this isolate; can be lost at any time. */
const standings = new PoolStandings()

export async function dispatchBatch(batch: MessageBatch, env: QueuesEnv): Promise<void> {
  switch (batch.queue) {
    case 'submissions':
      return consumeSubmissions(batch, submissionsDeps(env))
    case 'events':
      return consumeEvents(batch, eventsDeps(env))
    case 'submissions-dead':
    case 'events-dead':
      return parkMessages(batch, env)
    default:
      throw new Error(`no consumer for the queue ${batch.queue}`)
  }
}

function submissionsDeps(env: QueuesEnv): SubmissionsDeps {
  return {
    now: () => unixMs(Date.now()),
    standings,
    shown: async (transfers) => {
      const { sql, params } = shownStatement(transfers)
      const { results } = await env.DB.prepare(sql)
        .bind(...params)
        .all()
      return shownRow.array().parse(results)
    },
    members: (pool) => membersOfPool(env.DB, pool),
    load: (signer) =>
      within(LOAD_WAIT_MS, env.SIGNER.getByName(signerObjectName(signer.chain, signer.address)).load(signer)),
    transfers: env.TRANSFER,
    signers: env.SIGNER,
    carry: async (outboxes) => {
      for (const message of toOutboxesMessages(outboxes)) await env.EVENTS.send(message)
    },
    broadcast: async ({ chain, address }, attempts) => {
      const lessor: Lessor = (request) => env.CHAIN.getByName(chain).lease(chain, request)
      const asking = { purpose: 'broadcast', key: address } as const
      return broadcastAttempts(await chainNodes(env.RPC_ENDPOINTS, chain, lessor, asking), attempts)
    },
    log: logEvent,
  }
}

function eventsDeps(env: QueuesEnv): EventsDeps {
  return {
    transfers: env.TRANSFER,
    project: (rows) => projectRows(env.DB, rows, 'unless_newer'),
    archive: (announced, carried) => archiveLogs(announced, carried, archiveDeps(env)),
    log: logEvent,
  }
}

function archiveDeps(env: QueuesEnv): ArchiveDeps {
  const objects: Readonly<Record<string, ActorNamespace<ArchivedActor>>> = {
    TransferObject: env.TRANSFER,
    SignerObject: env.SIGNER,
    ChainObject: env.CHAIN,
  }
  return {
    now: () => unixMs(Date.now()),
    objects: (name) => (Object.hasOwn(objects, name) ? (objects[name] ?? null) : null),
    write: (pack) => writePack(env, pack),
    log: logEvent,
  }
}
