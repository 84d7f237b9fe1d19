// Which consumer serves which queue. The names are those of wrangler.toml.

import { parkMessages } from './dead-letters.ts'
import { consumeEvents, type EventsEnv } from './events.ts'
import { consumeSubmissions, type SubmissionsEnv } from './submissions.ts'

export async function dispatchBatch(batch: MessageBatch, env: SubmissionsEnv & EventsEnv): Promise<void> {
  switch (batch.queue) {
    case 'submissions':
      return consumeSubmissions(batch, env)
    case 'events':
      return consumeEvents(batch, env)
    case 'submissions-dead':
    case 'events-dead':
      return parkMessages(batch, env)
    default:
      throw new Error(`no consumer for the queue ${batch.queue}`)
  }
}
