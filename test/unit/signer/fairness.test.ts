// Guarantee (S7): a held step is looked at again, however many others are held before it: what fits goes on.

import { expect, test } from 'vitest'
import { addMs, MINUTE_MS, SECOND_MS } from '../../../src/shared/lib/time.ts'
import type { Admission } from '../../../src/shared/signer/admission.ts'
import { HELD_LOOKED_AT } from '../../../src/shared/signer/state/limits.ts'
import { RECIPIENT, START } from '../../support/domain-values.ts'
import { admission, type PlanChange, SignerBench } from '../../support/signer-bench.ts'

const tooMuch = { type: 'native', to: RECIPIENT, amount: 10n ** 30n } as const
const HOLD: PlanChange = { policy: { window: 100 } }

/** As many steps as are looked at again in one plan, that can never go; behind them one that can, some time. */
function behindStuck(last: Partial<Admission>): SignerBench {
  const bench = new SignerBench()
  const stuck = Array.from({ length: HELD_LOOKED_AT }, (_, index) =>
    admission(index + 10, { action: tooMuch }),
  )
  bench.admitAll([...stuck, admission(1, last)])
  bench.plan(HOLD)
  return bench
}

/** Enough looks, at the pace of the alarm, for every held step to have its turn. */
function planOften(bench: SignerBench, change: PlanChange = HOLD): void {
  for (let plan = 0; plan < 20; plan++) bench.after(2 * SECOND_MS).plan(change)
}

test('a step that the price held goes when the market falls', () => {
  const bench = behindStuck({ max_fee_per_gas: 10n })
  expect(bench.report(1).standing).toMatchObject({ at: 'pool', held: 'fee_cap' })
  planOften(bench, { ...HOLD, account: { fees: { next_base_fee: 4n, priority_fee: 2n } } })
  expect(bench.report(1).standing).toMatchObject({ at: 'slot' })
})

test('a step that waited for its time goes then', () => {
  const bench = behindStuck({ not_before: addMs(START, MINUTE_MS) })
  expect(bench.report(1).standing).toEqual({ at: 'pool', held: 'not_before' })
  bench.after(MINUTE_MS)
  planOften(bench)
  expect(bench.report(1).standing).toMatchObject({ at: 'slot' })
})
