// One client: one connection that stays open, one request at a time. Node's own client, because on this path every
// tenth of a millisecond that the client takes makes the ratio look better than it is.

import { Agent, request } from 'node:http'
import { text } from 'node:stream/consumers'

/** Milliseconds. The runtime closes a connection that was idle for 5 s, perhaps while the next request is on its way. */
const IDLE_MAX_MS = 3_000
/** Milliseconds until an answer is there whole. A busy runtime takes seconds; what takes longer does not answer any more. */
const ANSWER_WITHIN_MS = 30_000

export type Answer = {
  /** From before the request is written until the last byte of the answer was read. */
  readonly ms: number
  readonly status: number
  readonly text: string
}

export class NoAnswer extends Error {
  override name = 'NoAnswer'
}

export class HttpClient {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1, timeout: IDLE_MAX_MS })
  readonly #origin: URL
  readonly #withinMs: number

  constructor(origin: URL, withinMs = ANSWER_WITHIN_MS) {
    this.#origin = origin
    this.#withinMs = withinMs
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
      const late = setTimeout(() => {
        sent.destroy(new NoAnswer(`${method} ${path} was not answered within ${this.#withinMs} ms`))
      }, this.#withinMs)
      const failed = (error: unknown) => {
        clearTimeout(late)
        reject(error)
      }
      const sent = request(
        new URL(path, this.#origin),
        { method, agent: this.#agent, headers },
        (response) => {
          const read = async (): Promise<Answer> => {
            const answer = await text(response)
            clearTimeout(late)
            return { ms: performance.now() - started, status: response.statusCode ?? 0, text: answer }
          }
          read().then(resolve, failed)
        },
      )
      sent.once('error', failed)
      sent.end(body)
    })
  }

  close(): void {
    this.#agent.destroy()
  }
}
