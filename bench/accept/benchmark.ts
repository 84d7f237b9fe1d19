// `accept`: how long a client waits for the 202 to a new transfer, beside the least that a durable answer costs on this
// runtime. Both are asked in turn by the same client, with the same headers and body, each on a socket of workerd itself.
//
// Accepting is only the first millisecond of a transfer: then its submission, signing, broadcast, blocks and projection
// go on, in the same process and on the same cores. So it is measured three times:
//   at rest     six pairs at a time, when nothing of earlier transfers is left to do. They carry `not_before` and are
//               canceled after their batch, so that rest comes in half a second and not in the six that finality takes
//   in a row    one client without a pause; everything of earlier transfers runs meanwhile, and slows both sides
//   20 clients  rounds of one side each, every round begun at rest: what one side leaves to do does not slow the other

import type { Benchmark, BenchmarkContext } from '../benchmark.ts'
import { type Goal, type Row, row } from '../row.ts'
import { percentile } from '../statistics.ts'
import { Load, type Samples } from './load.ts'
import { startPlatform } from './platform.ts'

const WARM_UP_PAIRS = 300
const AT_REST_PAIRS = 1_500
/** Pairs until the next rest: they take less than the 50 ms after which the queue hands on the first of them. */
const AT_REST_BATCH_PAIRS = 6
const IN_A_ROW_PAIRS = 1_500
const CLIENTS = 20
const ROUNDS = 3
const ROUND_REQUESTS = 500
/** Of the issue: accepting costs at most half as much again as the floor. */
const GOAL: Goal = { of: 'ratio', is: '<=', than: 1.5 }

export const benchmark: Benchmark = {
  about: 'time until a transfer is accepted for good, beside a bare object with one insert',
  run: measure,
}

async function measure(context: BenchmarkContext): Promise<readonly Row[]> {
  const { note, signal } = context
  const platform = await startPlatform(signal)
  const load = new Load(platform, signal)
  try {
    note(`warm-up: ${WARM_UP_PAIRS} pairs`)
    await load.inTurn(WARM_UP_PAIRS)
    await load.rest()
    note(`in a row: ${IN_A_ROW_PAIRS} pairs`)
    const inARow = await load.inTurn(IN_A_ROW_PAIRS)
    await load.rest()
    note(`${CLIENTS} clients: ${ROUNDS} rounds of ${ROUND_REQUESTS} requests for each side`)
    const together = await load.rounds(ROUNDS, ROUND_REQUESTS, CLIENTS)
    note(`at rest: ${AT_REST_PAIRS} pairs, ${AT_REST_BATCH_PAIRS} at a time; about two minutes`)
    const atRest = await load.atRest(AT_REST_PAIRS, AT_REST_BATCH_PAIRS)
    note(`bytes of an answer: ${load.answerBytes.waybill}, of the floor's ${load.answerBytes.floor}`)
    return [
      ...latencies('accept, at rest', atRest, GOAL),
      ...latencies('accept, in a row', inARow, GOAL),
      ...latencies(`accept, ${CLIENTS} clients`, together.samples),
      row({
        name: `accept, ${CLIENTS} clients`,
        value: together.perSecond.waybill,
        unit: 'per second',
        floor: together.perSecond.floor,
      }),
    ]
  } finally {
    load.close()
    await platform.stop()
  }
}

function latencies(name: string, { waybill, floor }: Samples, goal?: Goal): readonly Row[] {
  const at = (share: number) => ({
    value: percentile(waybill, share),
    unit: 'ms',
    floor: percentile(floor, share),
  })
  return [
    row({ name: `${name}, p50`, ...at(0.5), ...(goal === undefined ? {} : { goal }) }),
    row({ name: `${name}, p99`, ...at(0.99) }),
  ]
}
