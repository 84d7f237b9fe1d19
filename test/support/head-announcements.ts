// A subscription to new heads, as a client has it: the numbers that were announced, in order.

import { z } from 'zod'

const announced = z.object({
  params: z.object({ result: z.object({ number: z.string().transform(Number) }) }),
})

export async function subscribe(url: string) {
  const socket = new WebSocket(url.replace(/^http/, 'ws'))
  const seen: number[] = []
  let changed = Promise.withResolvers<void>()
  const ready = Promise.withResolvers<void>()
  const closed = new Promise<void>((resolve) => socket.addEventListener('close', () => resolve()))
  socket.addEventListener('open', () =>
    socket.send(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_subscribe', params: ['newHeads'] })),
  )
  socket.addEventListener('message', ({ data }) => {
    const head = announced.safeParse(JSON.parse(String(data)))
    if (!head.success) return ready.resolve()
    seen.push(head.data.params.result.number)
    changed.resolve()
    changed = Promise.withResolvers<void>()
  })
  await ready.promise
  return {
    seen,
    closed,
    close: () => socket.close(),
    first: async (count: number) => {
      while (seen.length < count) await changed.promise
      return seen.slice(0, count)
    },
  }
}
