// `submit`: native transfers from the first request to the last final status, batched and not, beside a plain viem client
// on the same node: one transfer after the other, and fifty at once with its nonce manager.
//
// The plain client is no equal: it keeps nothing on disk and is content with a receipt, where Waybill waits until the block
// is final (four blocks more). So there are two speeds: until the last transfer is in a block, and until the last is final.
// Processor time is beside that of a bare object with one insert, for a transfer has an object of its own.

import type { Benchmark, BenchmarkContext } from '../benchmark.ts'
import { type Goal, type Row, row } from '../row.ts'
import { percentile } from '../statistics.ts'
import { measureFloor } from './floor.ts'
import type { Measured, Recipients } from './measured.ts'
import { measureViem } from './viem-client.ts'
import { CLIENTS, WaybillStack } from './waybill-stack.ts'

/** Of the figures with goals, whose median is shown; the others are there to compare them with, and take as long. */
const ROUNDS = 3
const OTHER_ROUNDS = 1
const TRANSFERS = 500
/** Objects and isolates are there, and the account that batches is delegated. */
const WARM_UP = 100
/** Of the client that waits for each: a block for one transfer. */
const ONE_BY_ONE = 8
const PIPELINED = 200
const PIPELINED_AT_ONCE = 50
/** A plain account has 16 transactions in a block: so many keep up with the clients. */
const PLAIN_SIGNERS = 16
/**
 * A workflow engine with a durable nonce line, written by hand on a machine like this: 500 native transfers to new
 * recipients from one account, 20 clients, a block each second, until the last has a receipt.
 */
const SPEED_GOAL: Goal = { of: 'value', is: '>=', than: 164 }
const CPU_GOAL: Goal = { of: 'value', is: '<=', than: 7.9 }

export const benchmark: Benchmark = {
  about: 'transfers from the first request to the last final status, beside a plain viem client',
  run: measure,
}

async function measure(context: BenchmarkContext): Promise<readonly Row[]> {
  const { note, signal } = context
  note(`bare objects: ${TRANSFERS}, ${CLIENTS} clients`)
  const floor = await measureFloor(TRANSFERS, CLIENTS, signal)
  const batched = await measureBatched(context)
  const plain = await WaybillStack.start({ signers: PLAIN_SIGNERS, delegateFrom: null, signal })
  try {
    const { rpcUrl } = plain
    note(`not batched: ${OTHER_ROUNDS} x ${TRANSFERS} from ${PLAIN_SIGNERS} accounts to new recipients`)
    await plain.measure(WARM_UP)
    const unbatched = await rounds(note, OTHER_ROUNDS, () => plain.measure(TRANSFERS))
    note(`viem: ${ONE_BY_ONE} one by one, ${ROUNDS} rounds of ${PIPELINED} with ${PIPELINED_AT_ONCE} at once`)
    const oneByOne = await measureViem(rpcUrl, ONE_BY_ONE, 1, signal)
    const pipelined = await rounds(note, ROUNDS, () =>
      measureViem(rpcUrl, PIPELINED, PIPELINED_AT_ONCE, signal),
    )
    return rowsOf({ ...batched, unbatched, oneByOne, pipelined }, floor)
  } finally {
    await plain.stop()
  }
}

async function measureBatched({
  note,
  signal,
}: BenchmarkContext): Promise<Readonly<Record<'toNew' | 'toExisting', Measured>>> {
  const stack = await WaybillStack.start({ signers: 1, delegateFrom: undefined, signal })
  const run = (kind: Recipients, count: number) => {
    note(`batched: ${count} x ${TRANSFERS} from one account to ${kind} recipients`)
    return rounds(note, count, () => stack.measure(TRANSFERS, kind))
  }
  try {
    await stack.measure(WARM_UP)
    const toNew = await run('new', ROUNDS)
    await stack.fundRecipients(TRANSFERS)
    return { toNew, toExisting: await run('existing', OTHER_ROUNDS) }
  } finally {
    await stack.stop()
  }
}

/** The median of each figure. */
async function rounds(
  note: BenchmarkContext['note'],
  count: number,
  run: () => Promise<Measured>,
): Promise<Measured> {
  const all: Measured[] = []
  for (let round = 0; round < count; round++) {
    const measured = await run()
    all.push(measured)
    const { minedPerSecond, perSecond, serverCpuMs } = measured
    note(
      `  ${minedPerSecond.toFixed(1)} transfers/s into blocks, ${perSecond.toFixed(1)} to their ends, ` +
        `${serverCpuMs?.toFixed(1) ?? '-'} ms of the server`,
    )
  }
  const median = (figure: (one: Measured) => number) => percentile(all.map(figure), 0.5)
  const servers = all.flatMap(({ serverCpuMs }) => (serverCpuMs === null ? [] : [serverCpuMs]))
  return {
    perSecond: median(({ perSecond }) => perSecond),
    minedPerSecond: median(({ minedPerSecond }) => minedPerSecond),
    gas: median(({ gas }) => gas),
    clientCpuMs: median(({ clientCpuMs }) => clientCpuMs),
    serverCpuMs: servers.length === 0 ? null : percentile(servers, 0.5),
  }
}

type Sides = Readonly<Record<'oneByOne' | 'pipelined' | 'unbatched' | 'toNew' | 'toExisting', Measured>>

/** `floorMs`: of a bare object; null: this system does not say. */
function rowsOf(sides: Sides, floorMs: number | null): readonly Row[] {
  const { oneByOne, pipelined, unbatched, toNew, toExisting } = sides
  const waybill = (name: string, side: Measured, isGoal: boolean) =>
    waybillRows({ name, side, plain: pipelined, floorMs, isGoal })
  return [
    row({ name: 'viem, one by one', value: oneByOne.perSecond, unit: 'transfers/s' }),
    row({ name: 'viem, pipelined', value: pipelined.perSecond, unit: 'transfers/s' }),
    row({ name: 'viem, pipelined: CPU', value: pipelined.clientCpuMs, unit: 'ms/transfer' }),
    ...waybill('batched, new recipients', toNew, true),
    ...waybill('batched, existing recipients', toExisting, false),
    ...waybill('not batched, new recipients', unbatched, false),
  ]
}

type Shown = {
  readonly name: string
  readonly side: Measured
  readonly plain: Measured
  readonly floorMs: number | null
  readonly isGoal: boolean
}

function waybillRows({ name, side, plain, floorMs, isGoal }: Shown): readonly Row[] {
  const { perSecond, minedPerSecond, gas, clientCpuMs, serverCpuMs } = side
  const speed = { unit: 'transfers/s', floor: plain.perSecond }
  const cpu = { unit: 'ms/transfer', ...(floorMs === null ? {} : { floor: floorMs }) }
  return [
    row({
      name: `${name}: all in blocks`,
      value: minedPerSecond,
      ...speed,
      ...(isGoal ? { goal: SPEED_GOAL } : {}),
    }),
    row({ name: `${name}: all final`, value: perSecond, ...speed }),
    ...(serverCpuMs === null
      ? []
      : [
          row({
            name: `${name}: CPU of the runtime`,
            value: serverCpuMs,
            ...cpu,
            ...(isGoal ? { goal: CPU_GOAL } : {}),
          }),
        ]),
    row({ name: `${name}: CPU of the clients`, value: clientCpuMs, unit: 'ms/transfer' }),
    row({ name: `${name}: gas`, value: gas, unit: 'gas/transfer', floor: plain.gas }),
  ]
}
