// Pools of waiting steps for the scheduler's tests.

import fc from 'fast-check'
import { TIERS, type Waiting } from '../../src/shared/batch/waiting.ts'
import { addMs } from '../../src/shared/lib/time.ts'
import { SPEEDS } from '../../src/shared/transfer/request.ts'
import { START } from './domain-values.ts'

export function waiting(admitted: number, change: Partial<Waiting> = {}): Waiting {
  return {
    key: `step ${admitted}`,
    action: 'native',
    speed: 'standard',
    tier: 'standard',
    deadline: null,
    admitted,
    gas: 30_000n,
    touches: { reads: [], writes: [] },
    isAlone: false,
    canGo: true,
    ...change,
  }
}

const MOST_STEPS = 60
/** Few keys, so that there are chains, and keys that many read. */
const touchedKeys = fc.uniqueArray(fc.nat(11).map(String), { maxLength: 3 })

export const traits = {
  action: fc.constantFrom('native', 'erc20', 'call'),
  speed: fc.constantFrom(...SPEEDS),
  tier: fc.constantFrom(...TIERS),
  deadline: fc.option(fc.integer({ min: 0, max: 600_000 }).map((inMs) => addMs(START, inMs))),
  gas: fc.bigInt({ min: 21_000n, max: 900_000n }),
  touches: fc.record({ reads: touchedKeys, writes: touchedKeys }),
  isAlone: fc.integer({ min: 0, max: 9 }).map((chance) => chance === 0),
  canGo: fc.integer({ min: 0, max: 9 }).map((chance) => chance !== 0),
}

/** In any order, with gaps between their admissions. */
export const pool: fc.Arbitrary<readonly Waiting[]> = fc
  .array(fc.record(traits), { maxLength: MOST_STEPS })
  .chain((steps) =>
    fc.shuffledSubarray(
      steps.map((step, index) => waiting(3 * index + 1, step)),
      { minLength: steps.length },
    ),
  )

export function isConflict({ touches: one }: Waiting, { touches: other }: Waiting): boolean {
  const writes = (a: Waiting['touches'], b: Waiting['touches']) =>
    a.writes.some((key) => b.writes.includes(key) || b.reads.includes(key))
  return writes(one, other) || writes(other, one)
}
