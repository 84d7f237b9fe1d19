// What is alive in the Worker's heap: asked of V8 itself, by its inspector, after a collection.

import { z } from 'zod'

const usage = z.object({ id: z.number(), result: z.object({ usedSize: z.number().optional() }) })

/** Bytes. `inspector`: where workerd listens for debuggers. `poke`: any request; V8 answers when the Worker next runs. */
export async function heapBytes(
  inspector: URL,
  worker: string,
  poke: () => Promise<unknown>,
): Promise<number> {
  const socket = new WebSocket(new URL(`/core:user:${worker}`, inspector))
  try {
    await new Promise((resolve, reject) => {
      socket.addEventListener('open', resolve)
      socket.addEventListener('error', () => reject(new Error('no inspector answers')))
    })
    await poked(call(socket, 1, 'HeapProfiler.collectGarbage'), poke)
    const { result } = await poked(call(socket, 2, 'Runtime.getHeapUsage'), poke)
    if (result.usedSize === undefined) throw new Error('the inspector tells no heap')
    return result.usedSize
  } finally {
    socket.close()
  }
}

/** A request may run before the inspector's message has reached the isolate: then the next one brings the answer. */
async function poked<T>(answer: Promise<T>, poke: () => Promise<unknown>): Promise<T> {
  let isThere = false
  const noted = answer.finally(() => {
    isThere = true
  })
  while (!isThere) await Promise.race([noted, poke()])
  return noted
}

function call(socket: WebSocket, id: number, method: string): Promise<z.infer<typeof usage>> {
  return new Promise((resolve, reject) => {
    socket.addEventListener('message', ({ data }) => {
      const parsed = usage.safeParse(JSON.parse(String(data)))
      if (parsed.success && parsed.data.id === id) resolve(parsed.data)
    })
    socket.addEventListener('close', () => reject(new Error('the inspector went away')))
    socket.send(JSON.stringify({ id, method }))
  })
}
