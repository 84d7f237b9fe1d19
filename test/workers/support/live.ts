// A client of a transfer's /live socket that remembers what it got and waits for what it needs.

import type { LiveMessage } from '../../../src/shared/schema/live-message.ts'

type Upgradable = { fetch(request: Request): Promise<Response> }

export async function watch(stub: Upgradable, afterSeq: number) {
  const response = await stub.fetch(
    new Request(`https://transfer/live?after_seq=${afterSeq}`, { headers: { Upgrade: 'websocket' } }),
  )
  const socket = response.webSocket
  if (socket === null) throw new Error(`no socket: ${response.status}`)
  const messages: LiveMessage[] = []
  const waiting = new Set<() => void>()
  socket.addEventListener('message', ({ data }) => {
    messages.push(JSON.parse(String(data)))
    for (const look of waiting) look()
  })
  socket.accept()
  return {
    messages,
    close: () => socket.close(),
    /** Resolves with the message that makes it true. */
    until: (isThere: (messages: readonly LiveMessage[]) => boolean) =>
      new Promise<void>((resolve) => {
        const look = () => {
          if (!isThere(messages)) return
          waiting.delete(look)
          resolve()
        }
        waiting.add(look)
        look()
      }),
  }
}
