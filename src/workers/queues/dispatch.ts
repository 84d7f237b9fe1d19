// Which consumer serves which queue, and what of the environment each of them sees. The names are those of wrangler.toml.

import { broadcastAttempts } from '../../shared/adapters/broadcast.ts'
import { chainNodes } from '../../shared/adapters/chain-nodes.ts'
import { projectRows } from '../../shared/adapters/d1/project-rows.ts'
import { logEvent } from '../../shared/adapters/json-log.ts'
import { unixMs } from '../../shared/lib/time.ts'
import { parkMessages } from './dead-letters.ts'
import { consumeEvents, type EventsDeps } from './events.ts'
import { consumeSubmissions, type SubmissionsDeps } from './submissions.ts'

export type QueuesEnv = {
  readonly DB: D1Database
  readonly RPC_ENDPOINTS: string
  readonly TRANSFER: SubmissionsDeps['transfers'] & EventsDeps['transfers']
  readonly SIGNER: SubmissionsDeps['signers']
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

function submissionsDeps(env: QueuesEnv): SubmissionsDeps {
  return {
    now: () => unixMs(Date.now()),
    transfers: env.TRANSFER,
    signers: env.SIGNER,
    broadcast: async (chain, attempts) =>
      broadcastAttempts(await chainNodes(env.RPC_ENDPOINTS, chain), attempts),
    log: logEvent,
  }
}

function eventsDeps(env: QueuesEnv): EventsDeps {
  return {
    transfers: env.TRANSFER,
    project: (rows) => projectRows(env.DB, rows, 'unless_newer'),
    log: logEvent,
  }
}
