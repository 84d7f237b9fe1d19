// How well the future was known: the next base fee by the rule that was learned, and forecasts beside what came.

import { nextBaseFee } from '../../src/shared/fees/base-fee-rule.ts'
import { forecast, forecastQuantile } from '../../src/shared/fees/forecast.ts'
import { learnBaseFeeRule } from '../../src/shared/fees/learn-base-fee-rule.ts'
import { type Row, row } from '../row.ts'
import { KNOWN_BLOCKS } from './compare.ts'
import type { FeeSet } from './fee-sets.ts'
import type { Markets } from './markets.ts'

const PERCENT = 100
const AHEAD_BLOCKS = [5, 100] as const
const OUTER = [0.05, 0.95] as const
/** A forecast is made before one block in so many: more would say the same. */
const EVERY_BLOCKS = 20

/** Of sets with gas: blocks whose base fee is not, to the wei, what the rule learned from those before it says. */
export function nextBaseFeeRows({ name, runs }: FeeSet): readonly Row[] {
  let blocks = 0
  let wrong = 0
  for (const run of runs) {
    const fees = run.map(({ number, baseFee, gas }) => {
      const gas_ratio = gas === null ? null : Number(gas.used) / Number(gas.limit)
      return { number, base_fee: baseFee, gas_ratio, tips: [] }
    })
    for (let at = KNOWN_BLOCKS; at < run.length; at++) {
      const [last, next] = [run[at - 1], run[at]]
      if (last === undefined || next === undefined || last.gas === null) continue
      const rule = learnBaseFeeRule(fees.slice(at - KNOWN_BLOCKS, at - 1), last.baseFee)
      blocks += 1
      if (rule === null || nextBaseFee(last.baseFee, last.gas, rule) !== next.baseFee) wrong += 1
    }
  }
  if (blocks === 0) return []
  return [
    row({
      name: `${name}: next base fees that were not exact, of ${blocks}`,
      value: wrong,
      unit: 'blocks',
      goal: { of: 'value', is: '<=', than: 0 },
    }),
  ]
}

export function forecastRows({ name, runs }: FeeSet, markets: readonly Markets[]): readonly Row[] {
  return AHEAD_BLOCKS.flatMap((ahead) => {
    let all = 0
    let within = 0
    for (const [index, run] of runs.entries()) {
      for (let at = 2 * KNOWN_BLOCKS; at + ahead < run.length; at += EVERY_BLOCKS) {
        const [came, known] = [run[at + ahead], markets[index]]
        if (came === undefined || known === undefined) continue
        const { rule } = known.before(at)
        const told = forecast(known.historyBefore(at), rule, ahead, 'block')
        if (told === null) continue
        const [low, high] = OUTER.map((share) => forecastQuantile(told, share))
        all += 1
        if (low !== undefined && high !== undefined && came.baseFee >= low && came.baseFee <= high)
          within += 1
      }
    }
    if (all === 0) return []
    const value = (PERCENT * within) / all
    return [
      row({
        name: `${name}: base fees ${ahead} blocks ahead inside the outer quantiles (90)`,
        value,
        unit: '%',
      }),
    ]
  })
}
