// Which consumer serves which queue, and what of the environment each of them sees. The names are those of wrangler.toml.

import { type ArchiveEnv, writePack } from '../../shared/adapters/archive/write-archive.ts'
import { projectRows } from '../../shared/adapters/d1/project-rows.ts'
import { logEvent } from '../../shared/adapters/json-log.ts'
import { unixMs } from '../../shared/lib/time.ts'
import type { ArchivedActor } from '../../shared/ports/archived-actor.ts'
import type { ChainActor } from '../../shared/ports/chain-actor.ts'
import type { ActorNamespace } from '../../shared/ports/namespace.ts'
import type { SignerActor } from '../../shared/ports/signer-actor.ts'
import type { TransferActor } from '../../shared/ports/transfer-actor.ts'
import type { OutboxesMessage } from '../../shared/schema/queue-messages.ts'
import { type ArchiveDeps, archiveLogs } from './archive.ts'
import { parkMessages } from './dead-letters.ts'
import { consumeEvents, type EventsDeps } from './events.ts'
import { consumeSubmissions } from './submissions.ts'
import { submissionsDeps } from './submissions-deps.ts'

/** By the actors' ports: of a namespace that is two types at once, only the first one's names could be called. */
export type QueuesEnv = ArchiveEnv & {
  readonly CHAINS: string
  readonly RPC_ENDPOINTS: string
  readonly EVENTS: { send(message: OutboxesMessage): Promise<unknown> }
  readonly TRANSFER: ActorNamespace<
    ArchivedActor & Pick<TransferActor, 'bind' | 'row' | 'acknowledgeProjection' | 'acknowledgeOutbox'>
  >
  readonly SIGNER: ActorNamespace<ArchivedActor & Pick<SignerActor, 'admit' | 'outcomes' | 'load'>>
  readonly CHAIN: ActorNamespace<ArchivedActor & Pick<ChainActor, 'lease'>>
}

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

function eventsDeps(env: QueuesEnv): EventsDeps {
  return {
    transfers: env.TRANSFER,
    project: (rows) => projectRows(env.DB, rows),
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
