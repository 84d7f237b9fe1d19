// An endpoint in front of the node that notes when bytes come and how long the node took for what a signer asks before it.

import { createServer, type Server } from 'node:http'
import { text } from 'node:stream/consumers'
import { assert } from '../../src/shared/lib/assert.ts'

/** Milliseconds of performance.now(). */
export type Asked = { readonly from: number; readonly to: number }

/** In the batch by which a signer looks at its account. */
const LOOK = '"eth_getBalance"'
const BROADCAST = '"eth_sendRawTransaction"'

export class WatchedEndpoint {
  readonly #node: string
  readonly #server: Server
  readonly looks: Asked[] = []
  readonly broadcasts: number[] = []

  private constructor(node: string) {
    this.#node = node
    this.#server = createServer(async (request, response) => {
      const from = performance.now()
      const body = await text(request)
      if (body.includes(BROADCAST)) this.broadcasts.push(from)
      const answer = await fetch(this.#node, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      })
      const told = await answer.text()
      if (body.includes(LOOK)) this.looks.push({ from, to: performance.now() })
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(told)
    })
  }

  static async before(node: string): Promise<WatchedEndpoint> {
    const endpoint = new WatchedEndpoint(node)
    await new Promise<void>((resolve) => endpoint.#server.listen(0, '127.0.0.1', resolve))
    return endpoint
  }

  get url(): string {
    const address = this.#server.address()
    assert(typeof address === 'object' && address !== null, 'it listens')
    return `http://127.0.0.1:${address.port}`
  }

  stop(): void {
    this.#server.close()
    this.#server.closeAllConnections()
  }
}
