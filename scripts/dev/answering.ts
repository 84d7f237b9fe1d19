// Waits until an address of the Worker answers 2xx.

import { setTimeout as delay } from 'node:timers/promises'

/** Milliseconds until all that the Worker needs answers, and how often to ask. */
const ANSWER_WITHIN_MS = 30_000
const CHECK_EVERY_MS = 50

export async function answering(url: string, signal?: AbortSignal): Promise<void> {
  const until = Date.now() + ANSWER_WITHIN_MS
  let last = 'no answer'
  while (Date.now() < until) {
    signal?.throwIfAborted()
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) })
      const text = await response.text()
      if (response.ok) return
      last = `${response.status} ${text.trim()}`
    } catch (error) {
      last = error instanceof Error ? error.message : String(error)
    }
    await delay(CHECK_EVERY_MS)
  }
  throw new Error(`${url} did not answer within ${ANSWER_WITHIN_MS / 1_000} s: ${last}`)
}
