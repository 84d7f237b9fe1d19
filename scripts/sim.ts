// `npm run sim`: the deterministic simulator from the command line.
//   --seeds N          so many histories (100), from --from SEED (1)
//   --seed S           one history, told line by line
//   --faults a,b       only these classes of faults; `none`
//   --often a,b        these strike in each history, and often; --scene carried|private: each has others who bring
//                      batches, or private transfers
//   --biases N         then so many with each of the biases of test/sim/bias.ts
//   --keep a#1,b#2     of the faults that are drawn only these, and
//   --transfers 0,2    of the transfers only these: how a shrunk history is had again
//   --exhaustive       a crash at every point of some scenarios, and pairs of crashes
//   --mutant NAME      with a planted bug; `all`, or with --write: searches a seed for each of them, and writes beside it
//                      one that catches it: the one that stood there, where it still does
//   --json FILE        the counts;  --report FILE  the same as a page

import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { BIASES, type Bias, biasText, SCENES, type Scene } from '../test/sim/bias.ts'
import { loadSimulator, readMigrations, type Simulator } from '../test/sim/bundle.ts'
import { Crew } from '../test/sim/crew.ts'
import { crashEverywhere } from '../test/sim/exhaustive.ts'
import {
  FAULT_CLASSES,
  type FaultClass,
  type FaultPlan,
  isFaultClass,
  isFaultName,
} from '../test/sim/faults.ts'
import type { HistoryResult } from '../test/sim/history.ts'
import { MUTANTS, mutantNamed } from '../test/sim/mutants/all.ts'
import type { Mutant } from '../test/sim/mutants/mutant.ts'
import { writeCaught } from '../test/sim/mutants/write-caught.ts'
import { reportPage } from '../test/sim/report.ts'
import { shrink } from '../test/sim/shrink.ts'
import { Tally } from '../test/sim/tally.ts'
import { biome } from './dev/program-of.ts'
import { ROOT } from './dev/root.ts'

/** Scenarios of the exhaustive mode, by their seeds. */
const SCENARIOS = [1, 2, 3, 4, 5, 6]
/** Of the pairs of crashes, each so-manieth. */
const PAIRS_EVERY = 5

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '100' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    faults: { type: 'string', default: 'all' },
    often: { type: 'string', default: '' },
    scene: { type: 'string' },
    biases: { type: 'string', default: '0' },
    keep: { type: 'string' },
    transfers: { type: 'string' },
    exhaustive: { type: 'boolean', default: false },
    mutant: { type: 'string' },
    write: { type: 'boolean', default: false },
    json: { type: 'string' },
    report: { type: 'string' },
  },
})

const count = Number(values.seeds)
const first = Number(values.from)
const ALL = { classes: new Set(FAULT_CLASSES), without: new Set<never>() }
const faults = { ...planOf(values.faults), ...keptOf(values.keep) }
const bias: Bias = { often: classesOf(values.often), scene: sceneOf(values.scene) }
const only = values.transfers === undefined ? null : new Set(values.transfers.split(',').map(Number))
const tally = new Tally()
let isGood = true
if (values.mutant === 'all') isGood = await searchMutants(MUTANTS)
else if (values.mutant !== undefined && values.write)
  isGood = await searchMutants([mutantNamed(values.mutant)])
else {
  const simulator = await loadSimulator(values.mutant === undefined ? null : mutantNamed(values.mutant))
  if (values.exhaustive) isGood = await exhaust(simulator)
  else if (values.seed !== undefined) isGood = await tell(simulator, Number(values.seed))
  else isGood = await explore(simulator)
}
process.exitCode = isGood ? 0 : 1

function planOf(text: string): FaultPlan {
  if (text === 'all') return ALL
  if (text === 'none') return { classes: new Set(), without: new Set() }
  return { classes: new Set(classesOf(text)), without: new Set() }
}

function sceneOf(text: string | undefined): Scene | null {
  const scene = SCENES.find((one) => one === text) ?? null
  if (text !== undefined && scene === null) throw new Error(`no scene is named ${text}`)
  return scene
}

function classesOf(text: string): readonly FaultClass[] {
  const names = text === '' ? [] : text.split(',')
  const unknown = names.filter((name) => !isFaultClass(name))
  if (unknown.length > 0)
    throw new Error(`unknown: ${unknown.join(', ')}; known: ${FAULT_CLASSES.join(', ')}`)
  return names.filter(isFaultClass)
}

function keptOf(text: string | undefined): Pick<FaultPlan, 'kept'> {
  if (text === undefined) return {}
  const names = text === '' ? [] : text.split(',')
  const unknown = names.filter((name) => !isFaultName(name))
  if (unknown.length > 0) throw new Error(`no faults: ${unknown.join(', ')}; a fault is a class and a number`)
  return { kept: new Set(names.filter(isFaultName)) }
}

function commit(): string {
  return execFileSync('git', ['rev-parse', '--short=12', 'HEAD'], { cwd: ROOT, encoding: 'utf8' }).trim()
}

/** Seeds without a bias, or with the one that was asked for; then those of each known one. */
async function explore(simulator: Simulator): Promise<boolean> {
  const crew = new Crew(values.mutant ?? null)
  const search = (one: Bias, seeds: number, counts: Tally) =>
    crew.search(first, seeds, (seed) => simulator.bySeed(seed, faults, one), counts)
  const since = performance.now()
  let failed = await search(bias, count, tally)
  const seconds = (performance.now() - since) / 1_000
  tellCounts(seconds, crew.size)
  let failedWith = bias
  const biased: { readonly bias: Bias; readonly tally: Tally }[] = []
  for (const one of Number(values.biases) > 0 ? BIASES : []) {
    if (failed !== null) break
    const counts = new Tally()
    failed = await search(one, Number(values.biases), counts)
    failedWith = one
    biased.push({ bias: one, tally: counts })
    console.log(`${counts.histories} histories with${biasText(one)}, ${counts.violations.length} violations`)
  }
  await crew.close()
  if (failed !== null) await explain(simulator, failed, failedWith)
  const page = { commit: commit(), seconds, threads: crew.size, first, tally, biased }
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(countsOf(seconds), null, 2)}\n`)
  if (values.report !== undefined) writePage(resolve(ROOT, values.report), reportPage(page))
  return failed === null
}

/** As the check wants it: a page that is written must not fail it. */
function writePage(file: string, page: string): void {
  writeFileSync(file, page)
  execFileSync(process.execPath, [biome(), 'format', '--write', file], { cwd: ROOT, stdio: 'ignore' })
}

function tellCounts(seconds: number, threads: number): void {
  const speed = (tally.histories / seconds).toFixed(1)
  console.log(
    `${tally.histories} histories, ${tally.events} events, ${tally.transfers} transfers: ${speed} histories/s in ${threads} threads`,
  )
  console.log('faults by class (count, histories):')
  for (const name of FAULT_CLASSES) {
    console.log(`  ${name.padEnd(22)} ${tally.faults.get(name) ?? 0} ${tally.histOf.get(name) ?? 0}`)
  }
  console.log('checks by invariant:')
  for (const [name, checks] of tally.checks) console.log(`  ${name.padEnd(22)} ${checks}`)
  console.log(`${tally.crashPoints.size} distinct crash points struck, ${tally.violations.length} violations`)
}

function countsOf(seconds: number) {
  return {
    commit: commit(),
    first_seed: first,
    histories: tally.histories,
    events: tally.events,
    transfers: tally.transfers,
    histories_per_second: tally.histories / seconds,
    faults: Object.fromEntries(tally.faults),
    histories_with_fault: Object.fromEntries(tally.histOf),
    checks: Object.fromEntries(tally.checks),
    crash_points: [...tally.crashPoints].sort(),
    violations: tally.violations,
  }
}

/** The shortest history that breaks the same, and how to have the failed one again. */
async function explain(simulator: Simulator, failed: HistoryResult, bias: Bias): Promise<void> {
  const { seed, violation } = failed
  console.log(`\nseed ${seed} at commit ${commit()} breaks ${violation?.invariant}: ${violation?.detail}`)
  const again = `npm run sim -- --seed ${seed}${values.mutant === undefined ? '' : ` --mutant '${values.mutant}'`}`
  console.log(`again:  ${again} --faults ${values.faults}${biasText(bias)}`)
  console.log('shrinking ...')
  const explorer = new simulator.Explorer(readMigrations())
  const shrunk = await shrink(explorer, simulator.bySeed(seed, faults, bias), failed)
  const told = await explorer.run({ ...shrunk.options, isTold: true })
  explorer.close()
  const transfers = shrunk.options.only === null ? '' : ` --transfers ${[...shrunk.options.only].join(',')}`
  console.log(told.lines.join('\n'))
  console.log(`${told.violation?.invariant}: ${told.violation?.detail}`)
  console.log(
    `shrunk in ${shrunk.runs} runs to ${told.faults.length} faults and ${told.transfers} transfers, told above`,
  )
  console.log(`shrunk: ${again}${biasText(bias)} --keep '${told.faults.join(',')}'${transfers}`)
}

async function tell(simulator: Simulator, seed: number): Promise<boolean> {
  const explorer = new simulator.Explorer(readMigrations())
  const result = await explorer.run({ ...simulator.bySeed(seed, faults, bias), only, isTold: true })
  console.log(result.lines.join('\n'))
  const end =
    result.violation === null ? 'nothing broke' : `${result.violation.invariant}: ${result.violation.detail}`
  console.log(`seed ${seed} at commit ${commit()}: ${result.events} events, digest ${result.digest}, ${end}`)
  // One that was shrunk is as short as it gets.
  if (result.violation !== null && faults.kept === undefined) await explain(simulator, result, bias)
  explorer.close()
  return result.violation === null
}

async function exhaust(simulator: Simulator): Promise<boolean> {
  const explorer = new simulator.Explorer(readMigrations())
  const names = new Set<string>()
  for (const seed of SCENARIOS) {
    const report = await crashEverywhere(explorer, seed, PAIRS_EVERY)
    for (const name of report.names) names.add(name)
    console.log(`scenario ${seed}: ${report.singles} crashes, ${report.pairs} pairs`)
    if (report.failed === null) continue
    const { crashes, result } = report.failed
    console.log(`crashes ${crashes.join(', ')}: ${result.violation?.invariant}: ${result.violation?.detail}`)
    return false
  }
  console.log(`${names.size} distinct crash points`)
  explorer.close()
  return true
}

async function searchMutants(mutants: readonly Mutant[]): Promise<boolean> {
  let missed = 0
  const product = new (await loadSimulator(null)).Explorer(readMigrations())
  for (const mutant of mutants) {
    const simulator = await loadSimulator(mutant)
    const crew = new Crew(mutant.name)
    const explorer = new simulator.Explorer(readMigrations())
    const optionsOf = (seed: number) => simulator.bySeed(seed, ALL, mutant.bias)
    // Most seeds outlive a change of the product; where one did not, another is searched.
    const known = values.write ? mutant.caught : null
    const again = known === null ? null : await explorer.run(optionsOf(known.seed))
    explorer.close()
    const found = again?.violation == null ? await crew.search(first, count, optionsOf, null) : again
    await crew.close()
    // What breaks the product as well says nothing of the planted bug.
    const own = found === null ? null : await product.run(simulator.bySeed(found.seed, ALL, mutant.bias))
    if (own?.violation != null)
      console.log(`seed ${own.seed} breaks ${own.violation.invariant} without a planted bug`)
    const failed = own?.violation == null ? found : null
    const by = failed?.violation?.invariant
    if (failed === null || by === undefined) missed += 1
    else if (values.write) writeCaught(mutant, { seed: failed.seed, by })
    console.log(`${mutant.name}: ${failed === null ? 'MISSED' : `seed ${failed.seed} by ${by}`}`)
  }
  product.close()
  console.log(`${mutants.length - missed} of ${mutants.length} caught within ${count} seeds`)
  return missed === 0
}
