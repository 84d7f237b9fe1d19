// A port to listen on: the one that is asked for, or one that is free.

import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

/** Ports after the wanted one that are tried before any free one will do: an address close by is easier to remember. */
const NEIGHBOURS = 20

/**
 * Below what systems give to outgoing connections (Linux: from 32,768 on): one of those would take a port that is free now before it
 * is listened on, or while a killed part is started again.
 */
const ANY_FROM = 20_000
const ANY_BELOW = 32_000
const TRIES = 100

export async function freePort(wanted: number | null): Promise<number> {
  if (wanted !== null) {
    for (let port = wanted; port <= Math.min(wanted + NEIGHBOURS, 65_535); port++) {
      if (await isFree(port)) return port
    }
  }
  for (let tries = 0; tries < TRIES; tries++) {
    const port = randomInt(ANY_FROM, ANY_BELOW)
    if (await isFree(port)) return port
  }
  throw new Error('no free port on 127.0.0.1')
}

/** Listens for a moment. */
function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)))
  })
}
