// A port to listen on: the one that is asked for, or one that is free.

import { createServer } from 'node:net'

/** Ports after the wanted one that are tried before any free one will do: an address close by is easier to remember. */
const NEIGHBOURS = 20

export async function freePort(wanted: number | null): Promise<number> {
  if (wanted !== null) {
    for (let port = wanted; port <= Math.min(wanted + NEIGHBOURS, 65_535); port++) {
      if (await isFree(port)) return port
    }
  }
  const any = await listen(0)
  if (any === null) throw new Error('no free port on 127.0.0.1')
  return any
}

async function isFree(port: number): Promise<boolean> {
  return (await listen(port)) !== null
}

/** Listens for a moment; the port that it got, or null. 0 asks for any. */
function listen(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(null))
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : null))
    })
  })
}
