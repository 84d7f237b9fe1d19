// `submit`: native transfers from the first request to the last final status, batched and not, beside a plain viem client
// on the same node: one transfer after the other, and fifty at once with its nonce manager.
//
// The plain client is no equal: it keeps nothing on disk and is content with a receipt, where Waybill waits until the block
// is final (four blocks more). It is the least that a transaction of its own for each transfer costs here.

import type { Benchmark, BenchmarkContext } from '../benchmark.ts'
import { type Row, row } from '../row.ts'
import { percentile } from '../statistics.ts'
import type { Measured } from './measured.ts'
import { measureViem } from './viem-client.ts'
import { WaybillStack } from './waybill-stack.ts'

const ROUNDS = 3
const TRANSFERS = 300
/** Objects and isolates are there, and the account that batches is delegated. */
const WARM_UP = 100
/** Of the client that waits for each: a block for one transfer. */
const ONE_BY_ONE = 8
const PIPELINED = 200
const PIPELINED_AT_ONCE = 50
/** A plain account has 16 transactions in a block: so many keep up with the clients. */
const PLAIN_SIGNERS = 16

export const benchmark: Benchmark = {
  about: 'transfers from the first request to the last final status, beside a plain viem client',
  run: measure,
}

async function measure(context: BenchmarkContext): Promise<readonly Row[]> {
  const { note, signal } = context
  const plain = await WaybillStack.start({ signers: PLAIN_SIGNERS, delegateFrom: null, signal })
  let sides: { readonly unbatched: Measured; readonly oneByOne: Measured; readonly pipelined: Measured }
  try {
    const { rpcUrl } = plain
    note(`not batched: ${ROUNDS} rounds of ${TRANSFERS} from ${PLAIN_SIGNERS} accounts`)
    const unbatched = await waybillRounds(note, plain)
    note(`viem: ${ONE_BY_ONE} one by one, ${ROUNDS} rounds of ${PIPELINED} with ${PIPELINED_AT_ONCE} at once`)
    const oneByOne = await measureViem(rpcUrl, ONE_BY_ONE, 1, signal)
    const pipelined = await rounds(note, () => measureViem(rpcUrl, PIPELINED, PIPELINED_AT_ONCE, signal))
    sides = { unbatched, oneByOne, pipelined }
  } finally {
    await plain.stop()
  }
  const batching = await WaybillStack.start({ signers: 1, delegateFrom: undefined, signal })
  try {
    note(`batched: ${ROUNDS} rounds of ${TRANSFERS} from one account`)
    return rowsOf({ ...sides, batched: await waybillRounds(note, batching) })
  } finally {
    await batching.stop()
  }
}

async function waybillRounds(note: BenchmarkContext['note'], stack: WaybillStack): Promise<Measured> {
  await stack.measure(WARM_UP)
  return rounds(note, () => stack.measure(TRANSFERS))
}

/** The median of each figure. */
async function rounds(note: BenchmarkContext['note'], run: () => Promise<Measured>): Promise<Measured> {
  const all: Measured[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const measured = await run()
    all.push(measured)
    note(
      `  ${measured.perSecond.toFixed(1)} transfers/s, ${measured.serverCpuMs?.toFixed(1) ?? '-'} ms of the server`,
    )
  }
  const median = (figure: (one: Measured) => number) => percentile(all.map(figure), 0.5)
  const servers = all.flatMap(({ serverCpuMs }) => (serverCpuMs === null ? [] : [serverCpuMs]))
  return {
    perSecond: median(({ perSecond }) => perSecond),
    gas: median(({ gas }) => gas),
    clientCpuMs: median(({ clientCpuMs }) => clientCpuMs),
    serverCpuMs: servers.length === 0 ? null : percentile(servers, 0.5),
  }
}

type Sides = Readonly<Record<'oneByOne' | 'pipelined' | 'unbatched' | 'batched', Measured>>

function rowsOf({ oneByOne, pipelined, unbatched, batched }: Sides): readonly Row[] {
  return [
    row({ name: 'viem, one by one', value: oneByOne.perSecond, unit: 'transfers/s' }),
    row({ name: 'viem, pipelined', value: pipelined.perSecond, unit: 'transfers/s' }),
    row({ name: 'viem, pipelined: CPU', value: pipelined.clientCpuMs, unit: 'ms/transfer' }),
    ...waybillRows('not batched', unbatched, pipelined),
    ...waybillRows('batched', batched, pipelined),
  ]
}

/** `floor`: the plain client, that has no server. */
function waybillRows(name: string, side: Measured, floor: Measured): readonly Row[] {
  const { perSecond, gas, clientCpuMs, serverCpuMs } = side
  const cpu = { unit: 'ms/transfer', floor: floor.clientCpuMs }
  return [
    row({ name, value: perSecond, unit: 'transfers/s', floor: floor.perSecond }),
    ...(serverCpuMs === null
      ? []
      : [row({ name: `${name}: CPU of the runtime`, value: serverCpuMs, ...cpu })]),
    row({ name: `${name}: CPU of the clients`, value: clientCpuMs, unit: 'ms/transfer' }),
    row({ name: `${name}: gas`, value: gas, unit: 'gas/transfer', floor: floor.gas }),
  ]
}
