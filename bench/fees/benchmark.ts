// `fees`: what transfers would have paid on real blocks, by speed and horizon, beside viem, ethers and geth on the same blocks
// and beside one who knows the cheapest block in advance.
//
//   inclusion     a bid that is decided before a block is taken by it when it reaches the base fee and leaves the lowest tip
//                 that the block took; where no tips are given nobody offers or pays one
//   known         the blocks before, and the base fee of the next, which follows from the last one (a set without gas is
//                 trusted on that). Ours learns from at most 1,024 of them; the first bid has 100
//   paid          base fee of the block and tip; a legacy transaction pays all that it offers
//   libraries     bid at once, whatever the horizon, and anew for each block that did not take it, a tenth higher at least
//   saved         beside viem, of what all starts of a set paid together. Means over sets count each set once

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Benchmark, BenchmarkContext } from '../benchmark.ts'
import type { Row } from '../row.ts'
import { BIDDERS, type Comparison, compare, type Horizon, KNOWN_BLOCKS } from './compare.ts'
import { type FeeSet, readFeeSets } from './fee-sets.ts'
import { forecastRows, nextBaseFeeRows } from './foresight.ts'
import { Markets } from './markets.ts'
import { meanRows, type SetResult, setRows } from './rows.ts'

const FOLDER = 'base-fee'

const HORIZONS: readonly Horizon[] = [
  { speed: 'fast', blocks: 2 },
  { speed: 'standard', blocks: 5 },
  { speed: 'economy', blocks: 100 },
  { speed: 'economy', blocks: 300 },
]
/** Starts that a set must have at a horizon: what fewer say is chance. */
const LEAST_STARTS = 20

const WEI_PER_GWEI = 1e9
const PLAIN_TRANSFER_GAS = 21_000
const GWEI_PER_ETHER = 1e9

export const benchmark: Benchmark = {
  about: 'what transfers pay on real blocks, beside viem, ethers, geth and one who knows the cheapest block',
  run: async (context) => measure(context),
}

function measure({ dataDir, note, signal }: BenchmarkContext): readonly Row[] {
  const folder = dataDir === null ? null : join(dataDir, FOLDER)
  if (folder === null || !existsSync(folder)) {
    note(`no base fees: --data DIR needs ${FOLDER}/*.csv with the columns block, base_fee_wei`)
    return []
  }
  const { sets, remarks } = readFeeSets(folder)
  for (const remark of remarks) note(remark)
  tellAssumptions(note)
  const rows: Row[] = []
  const results: SetResult[] = []
  for (const set of sets) {
    signal.throwIfAborted()
    const markets = set.runs.map((run) => new Markets(run))
    tellSet(set, note)
    rows.push(...nextBaseFeeRows(set), ...forecastRows(set, markets))
    for (const horizon of HORIZONS) {
      signal.throwIfAborted()
      const comparison = compare(set, markets, horizon)
      if (comparison.ours.starts < LEAST_STARTS) {
        note(
          `  ${horizon.speed}, ${horizon.blocks} blocks: too few blocks for it (${comparison.ours.starts} starts)`,
        )
        continue
      }
      tellComparison(comparison, horizon, note)
      const result = { set: set.name, horizon, comparison }
      results.push(result)
      rows.push(...setRows(result))
    }
  }
  return [...rows, ...HORIZONS.flatMap((horizon) => meanRows(horizon, results))]
}

function tellAssumptions(note: (text: string) => void): void {
  note(
    'inclusion: a block takes a bid that reaches its base fee and leaves the lowest tip that it took, where tips are given',
  )
  note(`known: blocks before, at most 1,024 and at least ${KNOWN_BLOCKS}, and the base fee of the next one`)
  note(
    'paid: base fee of the block and tip. Without tips in a set nobody offers one: base fees alone are compared',
  )
  note(
    'eth_maxPriorityFeePerGas: 60th percentile of the lowest tips of 20 blocks, at least 2 wei, where tips are given',
  )
  note('libraries bid at once, and anew for each block that did not take the bid, a tenth higher at least')
}

function tellSet({ name, runs }: FeeSet, note: (text: string) => void): void {
  const blocks = runs.reduce((sum, { length }) => sum + length, 0)
  note(`${name}: ${blocks} blocks${runs.length > 1 ? ` in ${runs.length} runs` : ''}`)
}

function tellComparison(
  comparison: Comparison,
  { speed, blocks }: Horizon,
  note: (text: string) => void,
): void {
  const { starts } = comparison.ours
  note(
    `  ${speed}, ${blocks} blocks, ${starts} starts: in time, mean price, all together for 21,000 gas each, replacements`,
  )
  for (const bidder of BIDDERS) {
    const { inTime, paid, replacements } = comparison[bidder]
    const gwei = paid / WEI_PER_GWEI
    const cells = [
      `${((100 * inTime) / starts).toFixed(2)} %`.padStart(9),
      `${(gwei / starts).toPrecision(5)} gwei`.padStart(14),
      `${((gwei * PLAIN_TRANSFER_GAS) / GWEI_PER_ETHER).toPrecision(5)} ether`.padStart(14),
      String(replacements).padStart(7),
    ]
    note(`    ${bidder.padEnd(12)}${cells.join('')}`)
  }
}
