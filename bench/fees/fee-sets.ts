// Base fees of real blocks: every CSV with the columns `block` and `base_fee_wei`. Gas and tips are taken where they are
// given; a column `regime` separates series. What cannot be read is counted and said, not guessed.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export type SetBlock = {
  readonly number: number
  /** Wei per unit of gas. */
  readonly baseFee: bigint
  readonly gas: { readonly used: bigint; readonly limit: bigint } | null
  /** Wei per unit of gas: the lowest that somebody in the block paid. Null: not given. */
  readonly lowestTip: bigint | null
}

export type FeeSet = {
  readonly name: string
  /** Consecutive blocks each: a hole in the numbers ends one and begins the next. */
  readonly runs: readonly (readonly SetBlock[])[]
}

export type ReadSets = { readonly sets: readonly FeeSet[]; readonly remarks: readonly string[] }

type Columns = ReadonlyMap<string, number>

const NEEDED = ['block', 'base_fee_wei']

export function readFeeSets(folder: string): ReadSets {
  const remarks: string[] = []
  const sets = readdirSync(folder)
    .sort()
    .flatMap((file) => {
      if (!file.toLowerCase().endsWith('.csv')) {
        remarks.push(`${file}: not a CSV, left out`)
        return []
      }
      const { sets: found, remark } = parseFeeSets(
        file.slice(0, -'.csv'.length),
        readFileSync(join(folder, file), 'utf8'),
      )
      if (remark !== null) remarks.push(`${file}: ${remark}`)
      return found
    })
  return { sets, remarks }
}

export function parseFeeSets(
  name: string,
  text: string,
): { readonly sets: readonly FeeSet[]; readonly remark: string | null } {
  const [heading = '', ...lines] = text.replace(/^\uFEFF/, '').split(/\r?\n|\r/)
  const columns: Columns = new Map(cellsOf(heading).map((cell, index) => [cell.toLowerCase(), index]))
  const absent = NEEDED.filter((column) => !columns.has(column))
  if (absent.length > 0) return { sets: [], remark: `has no column ${absent.join(', ')}, left out` }
  const series = new Map<string, SetBlock[]>()
  let unread = 0
  for (const line of lines.filter((one) => one.trim() !== '')) {
    const cells = cellsOf(line)
    const block = blockOf(cells, columns)
    if (block === null) {
      unread += 1
      continue
    }
    const regime = cellOf(cells, columns, 'regime') ?? ''
    const blocks = series.get(regime) ?? []
    blocks.push(block)
    series.set(regime, blocks)
  }
  const sets = [...series].map(([regime, blocks]) => {
    return { name: regime === '' ? name : `${name} ${regime}`, runs: runsOf(blocks) }
  })
  const remark = sets.length === 0 ? 'has no blocks' : unread > 0 ? `${unread} lines could not be read` : null
  return { sets, remark }
}

function blockOf(cells: readonly string[], columns: Columns): SetBlock | null {
  const number = wholeNumber(cellOf(cells, columns, 'block'))
  const baseFee = wholeNumber(cellOf(cells, columns, 'base_fee_wei'))
  if (number === null || baseFee === null) return null
  const used = wholeNumber(cellOf(cells, columns, 'gas_used'))
  const limit = wholeNumber(cellOf(cells, columns, 'gas_limit'))
  const gas = used === null || limit === null || limit === 0n || used > limit ? null : { used, limit }
  return {
    number: Number(number),
    baseFee,
    gas,
    lowestTip: wholeNumber(cellOf(cells, columns, 'min_priority_fee_wei')),
  }
}

function cellsOf(line: string): readonly string[] {
  return line.split(',').map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'))
}

function cellOf(cells: readonly string[], columns: Columns, name: string): string | undefined {
  const at = columns.get(name)
  return at === undefined ? undefined : cells[at]
}

/** Some tools write whole numbers as `12.0`. */
function wholeNumber(text: string | undefined): bigint | null {
  const [, digits] = /^(\d+)(?:\.0*)?$/.exec(text ?? '') ?? []
  return digits === undefined ? null : BigInt(digits)
}

/** In the order of their numbers; of two with one number the later line counts. */
function runsOf(blocks: readonly SetBlock[]): readonly (readonly SetBlock[])[] {
  const byNumber = new Map(blocks.map((block) => [block.number, block]))
  const runs: SetBlock[][] = []
  for (const block of [...byNumber.values()].sort((one, other) => one.number - other.number)) {
    const run = runs.at(-1)
    if (run?.at(-1)?.number === block.number - 1) run.push(block)
    else runs.push([block])
  }
  return runs
}
