// A real HTTP server on loopback that answers as a test says, and remembers what it was asked.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { z } from 'zod'

export type Asked = { readonly id: number; readonly method: string; readonly params: readonly unknown[] }
export type Answerer = (asked: readonly Asked[], response: ServerResponse, isBatch: boolean) => void

const askedSchema = z.object({ id: z.number(), method: z.string(), params: z.array(z.unknown()) })

export class RpcServer {
  /** Each HTTP request with what it asked. */
  readonly requests: (readonly Asked[])[] = []
  readonly url: string
  readonly #close: () => Promise<void>
  #answer: Answerer = (_, response) => response.destroy()

  private constructor(url: string, close: () => Promise<void>) {
    this.url = url
    this.#close = close
  }

  static async start(): Promise<RpcServer> {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = z.object({ port: z.number() }).parse(server.address())
    const rpc = new RpcServer(`http://127.0.0.1:${port}`, async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    })
    server.on('request', (request, response) => void rpc.#take(request, response))
    return rpc
  }

  answers(answer: Answerer): void {
    this.#answer = answer
    this.requests.length = 0
  }

  stop(): Promise<void> {
    return this.#close()
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const body: unknown = JSON.parse(Buffer.concat(chunks).toString())
    const asked = Array.isArray(body) ? z.array(askedSchema).parse(body) : [askedSchema.parse(body)]
    this.requests.push(asked)
    this.#answer(asked, response, Array.isArray(body))
  }
}

export function json(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

export type ItemAnswer =
  | { readonly result: unknown }
  | { readonly error: { readonly code: number; readonly message: string; readonly data?: unknown } }

/** One item at a time, in a batch or alone. */
export function eachItem(answer: (asked: Asked) => ItemAnswer): Answerer {
  return (asked, response, isBatch) => {
    const items = asked.map((item) => ({ jsonrpc: '2.0', id: item.id, ...answer(item) }))
    json(response, isBatch ? items : items[0])
  }
}
