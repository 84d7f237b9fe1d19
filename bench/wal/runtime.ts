// A workerd of its own with the benchmark's Worker, asked on a socket without Miniflare's router in front.

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { convertV4MiniflareOptions, Miniflare } from 'miniflare'
import { unstable_readConfig } from 'wrangler'
import { z } from 'zod'
import { bundleWorker } from '../../scripts/dev/bundle.ts'
import { ROOT } from '../../scripts/dev/root.ts'
import { assertDefined } from '../../src/shared/lib/assert.ts'
import { heapBytes } from './heap.ts'
import type { Operation, Reply } from './protocol.ts'

const NAME = 'log'
const reply = z.object({ records: z.number(), times: z.array(z.number()).optional() })

export type Asked = { readonly reply: Reply; readonly ms: number }

export class BenchRuntime {
  readonly #miniflare: Miniflare
  readonly #url: URL
  readonly #dir: string

  private constructor(miniflare: Miniflare, url: URL, dir: string) {
    this.#miniflare = miniflare
    this.#url = url
    this.#dir = dir
  }

  static async start(): Promise<BenchRuntime> {
    const parent = join(ROOT, '.waybill')
    mkdirSync(parent, { recursive: true })
    const dir = mkdtempSync(join(parent, 'bench-wal-'))
    const outfile = join(dir, 'worker.js')
    bundleWorker(join(import.meta.dirname, 'log-worker.ts'), outfile)
    const config = unstable_readConfig({ config: join(ROOT, 'wrangler.toml') })
    const options = convertV4MiniflareOptions({
      host: '127.0.0.1',
      port: 0,
      workers: [
        {
          name: NAME,
          unsafeDirectSockets: [{ host: '127.0.0.1', port: 0 }],
          compatibilityDate: assertDefined(config.compatibility_date, 'wrangler.toml names a date'),
          durableObjects: { LOG: { className: 'LogObject', useSQLite: true } },
          modules: [{ type: 'ESModule', path: 'worker.js', contents: readFileSync(outfile, 'utf8') }],
        },
      ],
    })
    const miniflare = new Miniflare({
      ...options,
      inspectorPort: 0,
      resourcePersistencePath: join(dir, 'state'),
    })
    await miniflare.ready
    return new BenchRuntime(miniflare, await miniflare.unsafeGetDirectURL(NAME), dir)
  }

  /** Milliseconds until the answer, which the runtime holds until what was written is on disk. */
  async ask(operation: Partial<Operation> & Pick<Operation, 'what'>): Promise<Asked> {
    const whole = { object: 'one', count: 0, checkpoints: false, objects: 0, rounds: 0, ...operation }
    const body = JSON.stringify(whole)
    const since = performance.now()
    const response = await fetch(this.#url, { method: 'POST', body })
    const text = await response.text()
    const ms = performance.now() - since
    if (!response.ok) throw new Error(`${whole.what}: ${response.status} ${text}`)
    const { records, times } = reply.parse(JSON.parse(text))
    return { reply: times === undefined ? { records } : { records, times }, ms }
  }

  /** Resident bytes of workerd. */
  residentBytes(): number {
    const page = 4_096
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
        const parent = /\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1]
        if (!command.includes('workerd') || parent !== String(process.pid)) continue
        return page * Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1])
      } catch {
        // It ended while we looked.
      }
    }
    throw new Error('no workerd of ours')
  }

  /** Live bytes of the Worker's heap. */
  async heapBytes(): Promise<number> {
    const poke = () => this.ask({ what: 'insert', object: 'idle', count: 0 })
    return heapBytes(await this.#miniflare.getInspectorURL(), NAME, poke)
  }

  async stop(): Promise<void> {
    await this.#miniflare.dispose()
    rmSync(this.#dir, { recursive: true, force: true })
  }
}
