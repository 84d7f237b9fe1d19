// Real blocks: what each transaction wrote, in the order of the block. `write_sets*.jsonl` has a block per line, and
// `write_sets*reference*.csv` how many levels its transactions have by an independent count.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

/** Keys that a transaction wrote: `s` slots of storage, `b` balances, `n` nonces, `c` code, each of an account. */
export type WriteSet = readonly string[]

export type Block = {
  readonly number: number
  /** Without the balance of whoever built the block: every transaction pays it, and none depends on it. */
  readonly writeSets: readonly WriteSet[]
}

export type BlockFile = { readonly name: string; readonly blocks: readonly Block[] }

const SET = /^write_sets.*\.jsonl$/
const REFERENCE = /^write_sets.*reference.*\.csv$/
/** Levels of write after write, the builder's balance left out. */
const LEVELS_COLUMN = 'levels_excl_coinbase'
/** Digits by which the set names an account, behind the kind of the key. */
const ACCOUNT_DIGITS = 10

const blockLine = z.object({
  block: z.int(),
  coinbase_key: z.int().nullish(),
  keys: z.array(z.string()),
  writes: z.array(z.array(z.int())),
})

export function readBlockFiles(folder: string): readonly BlockFile[] {
  return filesOf(folder, SET).map((name) => {
    const lines = readFileSync(join(folder, name), 'utf8').split('\n')
    return { name, blocks: lines.filter((line) => line.trim() !== '').map(blockOf) }
  })
}

function blockOf(line: string): Block {
  const { block, coinbase_key, keys, writes } = blockLine.parse(JSON.parse(line))
  const nameOf = (key: number) => {
    const name = keys[key]
    if (name === undefined) throw new Error(`block ${block} has no key ${key}`)
    return name
  }
  return {
    number: block,
    writeSets: writes.map((set) => set.filter((key) => key !== coinbase_key).map(nameOf)),
  }
}

/** Levels by block. */
export function readReference(folder: string): ReadonlyMap<number, number> {
  const levels = new Map<number, number>()
  for (const name of filesOf(folder, REFERENCE)) {
    const [heading = '', ...lines] = readFileSync(join(folder, name), 'utf8').trim().split(/\r?\n/)
    const columns = heading.split(',')
    const [blockAt, levelsAt] = [columns.indexOf('block'), columns.indexOf(LEVELS_COLUMN)]
    if (blockAt < 0 || levelsAt < 0) throw new Error(`${name} has no column ${LEVELS_COLUMN}`)
    for (const line of lines) {
      const cells = line.split(',')
      levels.set(Number(cells[blockAt]), Number(cells[levelsAt]))
    }
  }
  return levels
}

/** The same, when of each key only the account is known. */
export function byAccount(set: WriteSet): WriteSet {
  return [...new Set(set.map((key) => key.slice(1, 1 + ACCOUNT_DIGITS)))]
}

function filesOf(folder: string, pattern: RegExp): readonly string[] {
  return readdirSync(folder)
    .filter((name) => pattern.test(name))
    .sort()
}
