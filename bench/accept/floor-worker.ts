// The floor of accepting: a bare object with one table and one row, behind a Worker that does nothing else. It gets the
// same requests as the API, stores the same body, and answers as many bytes; the runtime holds the answer until the row
// is on disk. Its types are spelled out here because the runtime's own do not go together with those of Node.

import { COMMON_HEADERS } from '../../src/workers/api/answer.ts'

type State = { readonly storage: { readonly sql: { exec(query: string, ...values: string[]): unknown } } }
type FloorEnv = {
  readonly FLOOR: { getByName(name: string): { fetch(request: Request): Promise<Response> } }
  /** What is answered: as long as a transfer in an answer of the API. */
  readonly ANSWER: string
}

export class FloorObject {
  readonly #state: State
  readonly #env: FloorEnv

  constructor(state: State, env: FloorEnv) {
    this.#state = state
    this.#env = env
  }

  async fetch(request: Request): Promise<Response> {
    const body = await request.text()
    const { sql } = this.#state.storage
    sql.exec('CREATE TABLE bodies (id INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT')
    sql.exec('INSERT INTO bodies (body) VALUES (?)', body)
    const headers = { ...COMMON_HEADERS, 'Content-Type': 'application/json', Location: request.url }
    return new Response(this.#env.ANSWER, { status: 202, headers })
  }
}

// biome-ignore lint/style/noDefaultExport: the runtime takes a Worker by its default export.
export default {
  fetch: (request: Request, env: FloorEnv) =>
    env.FLOOR.getByName(request.headers.get('Idempotency-Key') ?? '').fetch(request),
}
