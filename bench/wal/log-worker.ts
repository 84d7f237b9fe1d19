// Both sides of the benchmark in one object class: the real log, and bare statements beside it in the same SQLite. The
// types are spelled out here because the runtime's own do not go together with those of Node.

import type { Storage } from '../../src/durable-objects/sqlite/storage.ts'
import { type Fold, Journal } from '../../src/durable-objects/wal/journal.ts'
import type { RecordCodec } from '../../src/durable-objects/wal/wal.ts'
import { assertDefined } from '../../src/shared/lib/assert.ts'
import type { Json } from '../../src/shared/lib/canonical-json.ts'
import { unixMs } from '../../src/shared/lib/time.ts'
import { type Operation, operationOf, type Reply } from './protocol.ts'

type State = { readonly storage: Storage }
type Stub = { run(operation: Operation): Promise<Reply> }
type Env = {
  readonly LOG: { getByName(name: string): Stub & { fetch(request: Request): Promise<Response> } }
}

/** The codec and the fold cost next to nothing: what is measured is the log. */
const codec: RecordCodec<Json> = { encode: (record) => record, decode: (json) => json }
const fold: Fold<{ count: number }, Json> = {
  version: '1',
  initial: () => ({ count: 0 }),
  evolve: ({ count }) => ({ count: count + 1 }),
  isState: (value): value is { count: number } =>
    typeof value === 'object' && value !== null && 'count' in value,
}
const GROUP_RECORDS = 100
const BY = { source: 'queue' } as const

export class LogObject {
  readonly #storage: Storage
  #journal: Journal<{ count: number }, Json> | null = null
  #next = 0

  constructor({ storage }: State) {
    this.#storage = storage
  }

  async fetch(request: Request): Promise<Response> {
    return Response.json(this.#run(operationOf(await request.json())))
  }

  #run({ what, count, checkpoints }: Operation): Reply {
    switch (what) {
      case 'append':
        return this.#append(count, GROUP_RECORDS, checkpoints)
      case 'append one':
        return this.#append(count, 1, checkpoints)
      case 'insert':
        return this.#insert(count)
      case 'seal':
        return { records: this.#seal() }
      case 'read':
        return this.#readLog()
      case 'read bare':
        return this.#readBare()
      case 'recover':
        return this.#recover()
    }
  }

  #append(records: number, size: number, checkpoints: boolean): Reply {
    const journal = this.#open(checkpoints)
    for (let done = 0; done < records; done += size) {
      const group = Array.from({ length: Math.min(size, records - done) }, () => recordOf(this.#next++))
      journal.commit(group, { at: unixMs(1_767_225_600_000 + this.#next), by: BY })
    }
    return { records: journal.wal.head.seq }
  }

  #insert(records: number): Reply {
    const { sql } = this.#storage
    sql.exec('CREATE TABLE IF NOT EXISTS bare (id INTEGER PRIMARY KEY, record TEXT NOT NULL) STRICT')
    for (let done = 0; done < records; done++) {
      sql.exec('INSERT INTO bare (record) VALUES (?)', JSON.stringify(recordOf(this.#next++)))
    }
    return { records }
  }

  #seal(): number {
    const journal = this.#open(false)
    journal.seal()
    return journal.report().sealed.segments
  }

  #readLog(): Reply {
    let records = 0
    for (const group of this.#open(false).wal.groups(0)) records += group.records.length
    return { records }
  }

  #readBare(): Reply {
    let records = 0
    // Page by page, as everything that must not fill the memory is read.
    for (let id = 0; ; ) {
      const rows = this.#storage.sql
        .exec('SELECT id, record FROM bare WHERE id > ? ORDER BY id LIMIT 500', id)
        .toArray()
      for (const row of rows) if (JSON.parse(String(row.record)) !== null) records += 1
      if (rows.length < 500) return { records }
      id = Number(rows.at(-1)?.id)
    }
  }

  /** As an object does that wakes: nothing of the log is in memory. */
  #recover(): Reply {
    const journal = Journal.open(this.#storage, codec, fold, keeping(false))
    return { records: assertDefined(journal, 'a log').state.count }
  }

  #open(checkpoints: boolean): Journal<{ count: number }, Json> {
    this.#journal ??=
      Journal.open(this.#storage, codec, fold, keeping(checkpoints)) ??
      Journal.create(
        this.#storage,
        codec,
        fold,
        { class: 'LogObject', object: 'bench' },
        keeping(checkpoints),
      )
    return this.#journal
  }
}

/** Without: a profile whose checkpoints are farther apart than any log of this benchmark is long. */
function keeping(checkpoints: boolean) {
  const none = { name: 'throughput', checkpointRecords: 1e9, segmentBytes: 1e12, quality: 4 } as const
  return checkpoints ? ({ profile: 'throughput', now: () => 0 } as const) : { profile: none, now: () => 0 }
}

/** About 150 bytes of JSON. */
function recordOf(number: number): Json {
  const hash = (BigInt(number) * 0x9e3779b97f4a7c15n) & 0xffffffffffffffffn
  return {
    kind: 'broadcast',
    nonce: number,
    hash: `0x${hash.toString(16).padStart(16, '0').repeat(4)}`,
    endpoint: 'alpha',
    class: 'accepted',
    detail: null,
  }
}

// biome-ignore lint/style/noDefaultExport: the runtime takes a Worker by its default export.
export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const operation = operationOf(await request.clone().json())
    const stub = (name: string) => env.LOG.getByName(name)
    if (operation.objects === 0) return stub(operation.object).fetch(request)
    const bodies = Array.from({ length: operation.objects }, (_, index) => `${operation.object} ${index}`)
    const times = await Promise.all(bodies.map((name) => inARow(stub(name), operation)))
    return Response.json({ records: times.length * operation.rounds, times })
  },
}

/** One append in flight, again and again; milliseconds for all of them. */
async function inARow(stub: { fetch(request: Request): Promise<Response> }, operation: Operation) {
  const since = Date.now()
  for (let round = 0; round < operation.rounds; round++) {
    const body = JSON.stringify({ ...operation, objects: 0 })
    await (await stub.fetch(new Request('http://log/', { method: 'POST', body }))).arrayBuffer()
  }
  return Date.now() - since
}
