// Outboxes of transfers onto the queue `events`, in as few messages as may be.

import { type OutboxesMessage, toOutboxesMessages } from '../schema/queue-messages.ts'

export type EventsQueue = { send(message: OutboxesMessage): Promise<unknown> }

export async function carryOutboxes(queue: EventsQueue, outboxes: readonly string[]): Promise<void> {
  for (const message of toOutboxesMessages(outboxes)) await queue.send(message)
}
