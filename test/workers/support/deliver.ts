// Hands messages to a queue's consumer, as the platform does.

import { createExecutionContext, createMessageBatch, getQueueResult } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import worker from '../../../src/workers/main.ts'

/** `over` puts something else in the place of a binding. */
export async function deliver(queue: string, bodies: readonly unknown[], attempts = 1, over: object = {}) {
  const messages = bodies.map((body, index) => ({
    id: `${queue}-${index}-${crypto.randomUUID()}`,
    timestamp: new Date(0),
    attempts,
    body,
  }))
  const batch = createMessageBatch(queue, messages)
  const ctx = createExecutionContext()
  await worker.queue(batch, { ...env, ...over })
  return { messages, result: await getQueueResult(batch, ctx) }
}
