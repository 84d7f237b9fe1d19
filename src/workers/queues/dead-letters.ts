// The dead letters' consumer: what a queue gave up on is kept, with all that is needed to hand it in again. No transfer
// depends on it, since its own alarm drives it on; but somebody should look why.

import { drizzle } from 'drizzle-orm/d1'
import { parkedMessages } from '../../shared/adapters/d1/tables.ts'
import { logEvent } from '../../shared/adapters/json-log.ts'

export async function parkMessages(batch: MessageBatch, env: { readonly DB: D1Database }): Promise<void> {
  const statements = batch.messages.map((message) =>
    drizzle(env.DB)
      .insert(parkedMessages)
      .values({
        id: message.id,
        queue: batch.queue,
        body: JSON.stringify(message.body) ?? 'null',
        attempts: message.attempts,
        parked_at: Date.now(),
      })
      // A second delivery of the same message parks nothing twice.
      .onConflictDoNothing(),
  )
  const [first, ...others] = statements
  if (first !== undefined) await drizzle(env.DB).batch([first, ...others])
  for (const message of batch.messages) {
    logEvent('error', 'message.parked', { queue: batch.queue, message: message.id })
  }
  batch.ackAll()
}
