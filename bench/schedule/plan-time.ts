// How long one plan of a full pool takes: the signer makes it in a turn of its object, in which nothing else happens. Time of
// the processor, since other work on the machine is not the plan's.

import { NO_PASSES } from '../../src/shared/batch/lanes.ts'
import { LearnedConflicts } from '../../src/shared/batch/learned-conflicts.ts'
import { schedule } from '../../src/shared/batch/schedule.ts'
import { touchesOf } from '../../src/shared/batch/touches.ts'
import { TIERS, type Waiting } from '../../src/shared/batch/waiting.ts'
import { addMs } from '../../src/shared/lib/time.ts'
import { POOL_MAX_STEPS } from '../../src/shared/signer/state/limits.ts'
import { type Action, SPEEDS } from '../../src/shared/transfer/request.ts'
import { addressOf, hexOf, stepKeyOf } from '../../test/support/domain-values.ts'
import { randomFrom } from '../../test/support/random.ts'
import { type Row, row } from '../row.ts'
import { percentile } from '../statistics.ts'
import { NOW, stepsOf } from './packing.ts'
import type { WriteSet } from './write-sets.ts'

const ROUNDS = 21
const WARM_UP_ROUNDS = 5
/** Milliseconds. */
const GOAL_MS = 20
const MICROS_PER_MS = 1_000
const POLICY = { mostSteps: 256, mostGas: 16_777_216n, urgentMs: 60_000 }

const SEED = 11
const CONTRACTS = 20
const RECIPIENTS = 2_000
const SOON_MS = 600_000

/** Payments in native value and tokens, a call in ten, of all lanes. */
export function mixedPoolRows(): readonly Row[] {
  return timeRows('payments and calls', mixedPool())
}

/** The sets over and over, until the pool is full. */
export function writeSetRows(writeSets: readonly WriteSet[]): readonly Row[] {
  const times = Math.ceil(POOL_MAX_STEPS / writeSets.length)
  const sets = Array.from({ length: times }, () => writeSets).flat()
  return timeRows('write sets', stepsOf(sets.slice(0, POOL_MAX_STEPS)))
}

function timeRows(name: string, pool: readonly Waiting[]): readonly Row[] {
  const figure = (what: string, mostGroups: number) => ({
    name: `${what}, pool of ${pool.length.toLocaleString('en-US')} ${name}`,
    value: medianMs(() => schedule(pool, NOW, { ...POLICY, mostGroups }, NO_PASSES)),
    unit: 'ms',
  })
  return [
    // What a signer asks for in a plan.
    row({ ...figure('next group', 1), goal: { of: 'value', is: '<=', than: GOAL_MS } }),
    row(figure('all groups', Number.POSITIVE_INFINITY)),
  ]
}

function medianMs(work: () => unknown): number {
  const times: number[] = []
  for (let round = 0; round < WARM_UP_ROUNDS + ROUNDS; round++) {
    const since = process.cpuUsage()
    work()
    const { user, system } = process.cpuUsage(since)
    if (round >= WARM_UP_ROUNDS) times.push((user + system) / MICROS_PER_MS)
  }
  return percentile(times, 0.5)
}

function mixedPool(): readonly Waiting[] {
  const random = randomFrom(SEED)
  const below = (bound: number) => Math.floor(random() * bound)
  const learned = new LearnedConflicts()
  return Array.from({ length: POOL_MAX_STEPS }, (_, admitted): Waiting => {
    const action = anyAction(below)
    return {
      key: `step ${admitted}`,
      action: action.type,
      speed: SPEEDS[below(SPEEDS.length)] ?? 'standard',
      tier: TIERS[below(TIERS.length)] ?? 'standard',
      deadline: below(10) === 0 ? addMs(NOW, below(SOON_MS)) : null,
      admitted,
      gas: BigInt(21_000 + below(80_000)),
      touches: touchesOf(stepKeyOf(admitted), action, learned),
      isAlone: false,
      canGo: true,
    }
  })
}

function anyAction(below: (bound: number) => number): Action {
  const contract = addressOf(1 + below(CONTRACTS))
  const to = addressOf(1_000 + below(RECIPIENTS))
  const chance = below(10)
  if (chance === 0) return { type: 'call', to: contract, data: hexOf('0x01020304'), value: 0n }
  return chance < 5 ? { type: 'native', to, amount: 1n } : { type: 'erc20', token: contract, to, amount: 1n }
}
