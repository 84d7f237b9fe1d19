// `npm run bench`: runs benchmarks, prints their rows as a table, writes them as JSON. A goal that was missed is shown,
// not punished: the exit code is about whether the figures could be taken.

import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { Benchmark, BenchmarkContext } from './benchmark.ts'
import { commitLine, machineLine } from './machine.ts'
import type { Row } from './row.ts'
import { table } from './table.ts'

const FOLDER = import.meta.dirname
const HELP = `npm run bench -- [NAME ...] [options]

Runs the named benchmarks, or all, and prints each figure beside its floor and its goal.

  --data DIR    real data sets for the benchmarks that use them
  --json FILE   write the rows there: [{ name, value, unit, floor, ratio, goal, met }]
  --list        only say which benchmarks there are
  --help`

const EXIT_FAILED = 1
const EXIT_USAGE = 2

class UsageError extends Error {
  override name = 'UsageError'
}

async function main(): Promise<void> {
  const { names, dataDir, jsonFile, help, list } = readFlags()
  if (help) return console.log(HELP)
  const benchmarks = new Map<string, Benchmark>()
  for (const name of names) benchmarks.set(name, await load(name))
  if (list) return console.log([...benchmarks].map(([name, { about }]) => `${name}: ${about}`).join('\n'))
  const context: BenchmarkContext = {
    dataDir,
    signal: endingSignal(),
    note: (text) => console.error(`  ${text}`),
  }
  console.log(`${machineLine()}\n${commitLine()}, ${new Date().toISOString()}`)
  const rows: Row[] = []
  for (const [name, benchmark] of benchmarks) {
    console.log(`\n${name}: ${benchmark.about}`)
    const measured = await benchmark.run(context)
    console.log(`\n${table(measured)}`)
    rows.push(...measured)
    // After each one: what was measured survives a later one that fails.
    if (jsonFile !== null) writeFileSync(jsonFile, `${JSON.stringify(rows, null, 2)}\n`)
  }
}

function readFlags() {
  const { values, positionals } = parse()
  const known = benchmarkNames()
  const unknown = positionals.find((name) => !known.includes(name))
  if (unknown !== undefined) throw new UsageError(`no benchmark ${unknown}; there are: ${known.join(', ')}`)
  const dataDir = values.data === undefined ? null : resolve(values.data)
  if (dataDir !== null && !existsSync(dataDir)) throw new UsageError(`no directory ${dataDir}`)
  return {
    names: positionals.length > 0 ? positionals : known,
    dataDir,
    jsonFile: values.json === undefined ? null : resolve(values.json),
    help: values.help,
    list: values.list,
  }
}

function parse() {
  const flag = { type: 'boolean', default: false } as const
  const text = { type: 'string' } as const
  try {
    return parseArgs({
      allowPositionals: true,
      options: { data: text, json: text, list: flag, help: flag },
    })
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

function benchmarkNames(): readonly string[] {
  const folders = readdirSync(FOLDER, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  return folders
    .map(({ name }) => name)
    .filter((name) => existsSync(entryOf(name)))
    .sort()
}

async function load(name: string): Promise<Benchmark> {
  const { benchmark }: { benchmark: Benchmark } = await import(entryOf(name))
  return benchmark
}

function entryOf(name: string): string {
  return join(FOLDER, name, 'benchmark.ts')
}

function endingSignal(): AbortSignal {
  const ending = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(name, () => ending.abort(new Error(`ended by ${name}`)))
  }
  return ending.signal
}

try {
  await main()
  process.exit(0)
} catch (error) {
  if (error instanceof UsageError) {
    console.error(`${error.message}\n\n${HELP}`)
    process.exit(EXIT_USAGE)
  }
  console.error(error)
  process.exit(EXIT_FAILED)
}
