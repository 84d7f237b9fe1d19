// The floor of a transfer's processor time: a new bare object with one insert behind a Worker that does nothing else
// (accept/floor-worker.ts), asked by as many clients. A transfer has an object of its own, so none can cost less here.

import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { convertV4MiniflareOptions, Miniflare } from 'miniflare'
import { unstable_readConfig } from 'wrangler'
import { bundleWorker } from '../../scripts/dev/bundle.ts'
import { ROOT } from '../../scripts/dev/root.ts'
import { assert, assertDefined } from '../../src/shared/lib/assert.ts'
import { HttpClient } from '../http-client.ts'
import { childCpuMs } from './cpu.ts'
import { inLanes } from './measured.ts'

const NAME = 'floor'
/** As many as the API answers to a transfer. */
const ANSWER_BYTES = 1_256
const ACCEPTED = 202
/** Objects before the first that counts. */
const WARM_UP = 100
const BODY = JSON.stringify({ chain: 'eip155:31337', action: { type: 'native', amount: '1000' } })

/** Milliseconds of the runtime for each; null: this system does not say. */
export async function measureFloor(
  objects: number,
  clients: number,
  signal: AbortSignal,
): Promise<number | null> {
  const parent = join(ROOT, '.waybill')
  mkdirSync(parent, { recursive: true })
  const dir = mkdtempSync(join(parent, 'bench-'))
  const bundle = join(dir, 'floor.js')
  bundleWorker(join(ROOT, 'bench', 'accept', 'floor-worker.ts'), bundle)
  const miniflare = new Miniflare(runtimeOptions(dir, bundle))
  const asking: HttpClient[] = []
  try {
    const url = await miniflare.unsafeGetDirectURL(NAME)
    asking.push(...Array.from({ length: clients }, () => new HttpClient(url)))
    const make = (from: number, count: number) => {
      const numbers = Array.from({ length: count }, (_, index) => from + index)
      return inLanes(clients, numbers, async (number, lane) => {
        signal.throwIfAborted()
        const client = assertDefined(asking[lane], 'each lane has a client')
        const { status } = await client.post('/', { 'Idempotency-Key': `floor-${number}` }, BODY)
        assert(status === ACCEPTED, `the floor answered ${status}`)
      })
    }
    await make(0, WARM_UP)
    const before = childCpuMs('workerd')
    await make(WARM_UP, objects)
    const after = childCpuMs('workerd')
    return before === null || after === null ? null : (after - before) / objects
  } finally {
    for (const client of asking) client.close()
    await miniflare.dispose()
    rmSync(dir, { recursive: true, force: true })
  }
}

function runtimeOptions(dir: string, bundle: string) {
  const config = unstable_readConfig({ config: join(ROOT, 'wrangler.toml') })
  const converted = convertV4MiniflareOptions({
    host: '127.0.0.1',
    port: 0,
    workers: [
      {
        name: NAME,
        compatibilityDate: assertDefined(config.compatibility_date, 'wrangler.toml names a date'),
        unsafeDirectSockets: [{ host: '127.0.0.1', port: 0 }],
        bindings: { ANSWER: 'x'.repeat(ANSWER_BYTES) },
        durableObjects: { FLOOR: { className: 'FloorObject', useSQLite: true } },
        modules: [{ type: 'ESModule', path: 'floor.js', contents: readFileSync(bundle, 'utf8') }],
      },
    ],
  })
  return { ...converted, resourcePersistencePath: join(dir, 'runtime'), handleStructuredLogs: () => {} }
}
