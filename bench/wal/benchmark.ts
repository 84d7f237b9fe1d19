// `wal`: what the write-ahead log costs, each figure beside the least that the same work costs on this runtime, taken in
// turn with it in the same run.

import type { Benchmark, BenchmarkContext } from '../benchmark.ts'
import { type Row, row } from '../row.ts'
import { percentile } from '../statistics.ts'
import type { Operation } from './protocol.ts'
import { BenchRuntime } from './runtime.ts'
import { sealedSizes } from './sealed-sizes.ts'

const ROUNDS = 9
const APPEND_RECORDS = 20_000
const SINGLE_PAIRS = 600
const RECOVERY_RECORDS = 100_000
const LONG_RECORDS = 1_000_000
/** Records per request while a long log is written: an answer is awaited for each. */
const FILL_RECORDS = 50_000
/**
 * Recovery costs what follows the newest checkpoint: anything up to the distance of two. It is taken at so many places, so
 * far apart, that both lengths are seen in each phase of it.
 */
const PHASES = 30
const PHASE_RECORDS = 1_100
const OBJECTS = 200
const OBJECT_ROUNDS = 20
const MEBIBYTE = 1_048_576

export const benchmark: Benchmark = {
  about: 'the write-ahead log beside bare statements in the same SQLite',
  run: async (context) => [
    ...(await throughput(context)),
    ...(await single(context)),
    ...(await reading(context)),
    ...(await recovery(context)),
    ...sealedSizes(),
    ...(await manyObjects(context)),
  ],
}

type Work = Partial<Operation> & Pick<Operation, 'what'>

/** Median milliseconds of both, taken in turn. */
async function inTurn(
  runtime: BenchRuntime,
  rounds: number,
  ours: (round: number) => Work,
  floor: (round: number) => Work,
): Promise<{ readonly ours: number[]; readonly floor: number[] }> {
  const times = { ours: [] as number[], floor: [] as number[] }
  for (let round = 0; round < rounds; round++) {
    times.floor.push((await runtime.ask(floor(round))).ms)
    times.ours.push((await runtime.ask(ours(round))).ms)
  }
  return times
}

async function withRuntime<T>(work: (runtime: BenchRuntime) => Promise<T>): Promise<T> {
  const runtime = await BenchRuntime.start()
  try {
    return await work(runtime)
  } finally {
    await runtime.stop()
  }
}

function throughput({ note }: BenchmarkContext): Promise<readonly Row[]> {
  note(`appends: ${ROUNDS} rounds of ${APPEND_RECORDS} records in groups of 100, fresh objects`)
  return withRuntime(async (runtime) => {
    const work = (what: Operation['what']) => (round: number) => {
      return { what, object: `${what} ${round}`, count: APPEND_RECORDS }
    }
    await inTurn(runtime, 2, work('append'), work('insert'))
    const times = await inTurn(
      runtime,
      ROUNDS,
      (round) => work('append')(round + 2),
      (round) => work('insert')(round + 2),
    )
    const perSecond = (ms: readonly number[]) => (1_000 * APPEND_RECORDS) / percentile(ms, 0.5)
    return [
      row({
        name: 'appends, groups of 100',
        value: perSecond(times.ours),
        unit: 'records/s',
        floor: perSecond(times.floor),
        goal: { of: 'ratio', is: '>=', than: 0.9 },
      }),
    ]
  })
}

function single({ note }: BenchmarkContext): Promise<readonly Row[]> {
  note(`one append alone: ${SINGLE_PAIRS} pairs`)
  return withRuntime(async (runtime) => {
    const one = (what: Operation['what']) => () => ({ what, object: what, count: 1 })
    await inTurn(runtime, 100, one('append one'), one('insert'))
    const times = await inTurn(runtime, SINGLE_PAIRS, one('append one'), one('insert'))
    const figure = (name: string, share: number) => ({
      name: `one append, ${name}`,
      value: percentile(times.ours, share),
      unit: 'ms',
      floor: percentile(times.floor, share),
    })
    return [
      row({ ...figure('p50', 0.5), goal: { of: 'ratio', is: '<=', than: 1.3 } }),
      row(figure('p99', 0.99)),
    ]
  })
}

function reading({ note }: BenchmarkContext): Promise<readonly Row[]> {
  note(`reading and recovery of ${RECOVERY_RECORDS} records: ${ROUNDS} rounds`)
  return withRuntime(async (runtime) => {
    await fill(runtime, 'tail', RECOVERY_RECORDS, false)
    await fill(runtime, 'sealed', RECOVERY_RECORDS, false)
    await runtime.ask({ what: 'seal', object: 'sealed' })
    await runtime.ask({ what: 'insert', object: 'bare', count: RECOVERY_RECORDS })
    const bare = () => ({ what: 'read bare', object: 'bare' }) as const
    const figure = async (name: string, what: Operation['what'], object: string, than: number) => {
      await inTurn(runtime, 2, () => ({ what, object }), bare)
      const times = await inTurn(runtime, ROUNDS, () => ({ what, object }), bare)
      const [value, floor] = [percentile(times.ours, 0.5), percentile(times.floor, 0.5)]
      return row({ name, value, unit: 'ms', floor, goal: { of: 'ratio', is: '<=', than } })
    }
    return [
      await figure('reading', 'read', 'tail', 2),
      await figure('reading, sealed', 'read', 'sealed', 4),
      await figure('recovery without a checkpoint', 'recover', 'tail', 2.5),
    ]
  })
}

async function recovery({ note }: BenchmarkContext): Promise<readonly Row[]> {
  note(`recovery with checkpoints, and memory: ${RECOVERY_RECORDS} and ${LONG_RECORDS} records`)
  const empty = await longLog(1)
  const short = await longLog(RECOVERY_RECORDS)
  const long = await longLog(LONG_RECORDS)
  return [
    row({
      name: 'recovery with checkpoints, 1,000,000 beside 100,000',
      value: long.recoveryMs,
      unit: 'ms',
      floor: short.recoveryMs,
      goal: { of: 'ratio', is: '<=', than: 1.3 },
    }),
    row({
      name: 'heap added by 1,000,000 records',
      value: (long.heapBytes - empty.heapBytes) / MEBIBYTE,
      unit: 'MiB',
      goal: { of: 'value', is: '<=', than: 32 },
    }),
    row({
      name: 'resident memory of the runtime, 1,000,000 records beside none',
      value: long.residentBytes / MEBIBYTE,
      unit: 'MiB',
      floor: empty.residentBytes / MEBIBYTE,
    }),
  ]
}

function longLog(records: number) {
  return withRuntime(async (runtime) => {
    await fill(runtime, 'long', records, true)
    const times: number[] = []
    for (let phase = 0; phase < PHASES; phase++) {
      await runtime.ask({ what: 'append', object: 'long', count: PHASE_RECORDS, checkpoints: true })
      times.push((await runtime.ask({ what: 'recover', object: 'long' })).ms)
    }
    const memory = { heapBytes: await runtime.heapBytes(), residentBytes: runtime.residentBytes() }
    return { recoveryMs: percentile(times, 0.5), ...memory }
  })
}

async function fill(runtime: BenchRuntime, object: string, records: number, checkpoints: boolean) {
  for (let done = 0; done < records; done += FILL_RECORDS) {
    await runtime.ask({ what: 'append', object, count: Math.min(FILL_RECORDS, records - done), checkpoints })
  }
}

function manyObjects({ note }: BenchmarkContext): Promise<readonly Row[]> {
  note(`${OBJECTS} objects with one append in flight each, ${OBJECT_ROUNDS} times, beside one object`)
  return withRuntime(async (runtime) => {
    const work = (objects: number, rounds: number, object: string, what: Operation['what'] = 'append one') =>
      runtime.ask({ what, count: 1, objects, rounds, object })
    await work(OBJECTS, 2, 'warm')
    const one = await work(1, OBJECTS * 5, 'alone')
    const all = await work(OBJECTS, OBJECT_ROUNDS, 'many')
    // What the runtime itself makes of many objects: a bare statement each, in the same way.
    await work(OBJECTS, 2, 'warm bare', 'insert')
    const oneBare = await work(1, OBJECTS * 5, 'alone bare', 'insert')
    const allBare = await work(OBJECTS, OBJECT_ROUNDS, 'many bare', 'insert')
    const perSecond = ({ reply, ms }: Awaited<typeof one>) => (1_000 * reply.records) / ms
    const times = all.reply.times ?? []
    return [
      row({
        name: `${OBJECTS} objects, one append in flight each`,
        value: perSecond(all),
        unit: 'appends/s',
        floor: perSecond(one),
        goal: { of: 'ratio', is: '>=', than: 3 },
      }),
      row({
        name: 'the same of a bare INSERT',
        value: perSecond(allBare),
        unit: 'inserts/s',
        floor: perSecond(oneBare),
      }),
      row({
        name: 'slowest 1 % of the objects beside the median one',
        value: percentile(times, 0.99),
        unit: 'ms',
        floor: percentile(times, 0.5),
        goal: { of: 'ratio', is: '<=', than: 5 },
      }),
    ]
  })
}
