// One client: one connection that stays open, one request at a time. Node's own client, because on this path every
// tenth of a millisecond that the client takes makes the ratio look better than it is.

import { Agent, request } from 'node:http'
import { text } from 'node:stream/consumers'

/** Milliseconds. The runtime closes a connection that was idle for 5 s, perhaps while the next request is on its way. */
const IDLE_MAX_MS = 3_000

export type Answer = {
  /** From before the request is written until the last byte of the answer was read. */
  readonly ms: number
  readonly status: number
  readonly text: string
}

export class HttpClient {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1, timeout: IDLE_MAX_MS })
  readonly #origin: URL

  constructor(origin: URL) {
    this.#origin = origin
  }

  post(path: string, headers: Readonly<Record<string, string>>, body: string): Promise<Answer> {
    return this.#ask('POST', path, { ...headers, 'Content-Length': String(Buffer.byteLength(body)) }, body)
  }

  get(path: string, headers: Readonly<Record<string, string>>): Promise<Answer> {
    return this.#ask('GET', path, headers, '')
  }

  #ask(
    method: string,
    path: string,
    headers: Readonly<Record<string, string>>,
    body: string,
  ): Promise<Answer> {
    const started = performance.now()
    return new Promise((resolve, reject) => {
      const sent = request(
        new URL(path, this.#origin),
        { method, agent: this.#agent, headers },
        (response) => {
          const read = async (): Promise<Answer> => {
            const answer = await text(response)
            return { ms: performance.now() - started, status: response.statusCode ?? 0, text: answer }
          }
          read().then(resolve, reject)
        },
      )
      sent.once('error', reject)
      sent.end(body)
    })
  }

  close(): void {
    this.#agent.destroy()
  }
}
