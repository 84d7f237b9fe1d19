// The host's side of the control Worker: SQL and cron ticks over HTTP, as anybody's request.
//
// Not by Miniflare's way into bindings: that blocks this thread until workerd has answered, and workerd cannot answer
// while it waits for this thread to read what it logs. Both then wait for ever.

import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import type { Miniflare } from 'miniflare'
import { z } from 'zod'
import {
  type ControlCall,
  SECRET_HEADER,
  type SqlRows,
  type SqlStatement,
  sqlRows,
} from './control-protocol.ts'

/** Of the control Worker in the runtime. */
const CONTROL = 'waybill-control'
const SECRET_BYTES = 32

export type ControlOptions = {
  /** Absolute path of the bundled control Worker. */
  readonly bundle: string
  /** The Worker that is ticked. */
  readonly worker: string
  readonly databaseId: string
  readonly compatibilityDate: string
}

export class Control {
  readonly #secret = randomBytes(SECRET_BYTES).toString('hex')
  readonly #options: ControlOptions

  constructor(options: ControlOptions) {
    this.#options = options
  }

  /** For Miniflare, beside the Worker. */
  get workerOptions() {
    const { bundle, worker, databaseId, compatibilityDate } = this.#options
    return {
      name: CONTROL,
      compatibilityDate,
      // Without it a binding to a Worker has no `scheduled`.
      compatibilityFlags: ['service_binding_extra_handlers'],
      unsafeDirectSockets: [{ host: '127.0.0.1', port: 0 }],
      bindings: { SECRET: this.#secret },
      d1Databases: { DB: databaseId },
      serviceBindings: { WAYBILL: worker },
      modules: [
        { type: 'ESModule' as const, path: basename(bundle), contents: readFileSync(bundle, 'utf8') },
      ],
    }
  }

  /** Statements that succeed or fail together; answers the rows of each. */
  async sql(miniflare: Miniflare, statements: readonly SqlStatement[]): Promise<SqlRows> {
    return sqlRows.parse(await this.#ask(miniflare, { do: 'sql', statements }))
  }

  /** One tick; answers its outcome. */
  async cron(miniflare: Miniflare, cron: string, at: Date): Promise<string> {
    return z.string().parse(await this.#ask(miniflare, { do: 'cron', cron, at: at.getTime() }))
  }

  async #ask(miniflare: Miniflare, call: ControlCall): Promise<unknown> {
    // Asked each time: where workerd was started again, it listens somewhere else.
    const url = await miniflare.unsafeGetDirectURL(CONTROL)
    const response = await fetch(url, {
      method: 'POST',
      headers: { [SECRET_HEADER]: this.#secret, 'Content-Type': 'application/json' },
      body: JSON.stringify(call),
    })
    if (!response.ok) throw new Error(`${call.do}: ${await response.text()}`)
    return response.json()
  }
}
