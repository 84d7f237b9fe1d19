// `schedule`: which steps share a group, on the write sets of real blocks. A group is what one batch would carry: at most
// 256 places, and no two of its steps write the same key. The planner is given what each transaction wrote, as the reference
// is; a relayer knows less, so there is a figure for knowing only the accounts.
//
//   parallel depth   groups of a block without a bound on places, beside the levels that the reference counted
//   backlog          all blocks of a file wait at once; groups are made one after another, each with the places that the
//                    adaptive size gives it after those before
//   block by block   each block is a pool of its own, and empty before the next one comes
//   fill             steps to places, over all groups
//   throughput       steps per group, beside first come: groups in the order of the block, each closed by the first step
//                    that is in conflict with it. It has 256 places always, the best that it can have

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { BATCH_STEPS_MAX } from '../../src/shared/batch/encode-steps.ts'
import { POOL_MAX_STEPS } from '../../src/shared/signer/state/limits.ts'
import type { Benchmark, BenchmarkContext } from '../benchmark.ts'
import { type Row, row } from '../row.ts'
import {
  AdaptivePacking,
  type Findings,
  findingsOf,
  firstComeGroups,
  type Packed,
  parallelDepth,
} from './packing.ts'
import { mixedPoolRows, writeSetRows } from './plan-time.ts'
import { type BlockFile, byAccount, readBlockFiles, readReference, type WriteSet } from './write-sets.ts'

const FOLDER = 'workload'
const PERCENT = 100

export const benchmark: Benchmark = {
  about: 'groups of independent steps on the write sets of real blocks, beside first-come order',
  run: async (context) => [...realBlocks(context), ...mixedPoolRows()],
}

function realBlocks({ dataDir, note, signal }: BenchmarkContext): readonly Row[] {
  const folder = dataDir === null ? null : join(dataDir, FOLDER)
  const files = folder !== null && existsSync(folder) ? readBlockFiles(folder) : []
  if (folder === null || files.length === 0) {
    note(`no write sets: --data DIR needs ${FOLDER}/write_sets*.jsonl. Only the time of a plan is measured`)
    return []
  }
  const reference = readReference(folder)
  const rows: Row[] = []
  for (const file of files) {
    signal.throwIfAborted()
    rows.push(...rowsOf(file, reference, note))
  }
  if (files.length > 1) {
    const all = { name: 'all files', blocks: files.flatMap(({ blocks }) => blocks) }
    rows.push(...rowsOf(all, reference, note))
  }
  return [
    ...rows,
    ...writeSetRows(files.flatMap(({ blocks }) => blocks.flatMap(({ writeSets }) => writeSets))),
  ]
}

function rowsOf(file: BlockFile, reference: ReadonlyMap<number, number>, note: (text: string) => void) {
  const blocks = file.blocks.map(({ writeSets }) => writeSets)
  const count = blocks.reduce((sum, { length }) => sum + length, 0)
  note(`${file.name}: ${blocks.length} blocks, ${count} transactions`)
  const pools = poolsOf(blocks.flat())
  const accounts = pools.map((pool) => pool.map(byAccount))
  return [
    row({ name: `${file.name}: blocks`, value: blocks.length, unit: 'blocks' }),
    row({ name: `${file.name}: transactions`, value: count, unit: 'steps' }),
    ...depthRows(file, reference, note),
    ...packingRows(`${file.name}, backlog`, pools),
    throughputRow(`${file.name}, backlog, only accounts known`, accounts, packAll(accounts)),
    ...packingRows(`${file.name}, block by block`, blocks),
  ]
}

/** A backlog as the signer admits it: what is more than a pool holds comes when that is empty. */
function poolsOf(sets: readonly WriteSet[]): readonly (readonly WriteSet[])[] {
  const pools = Math.ceil(sets.length / POOL_MAX_STEPS)
  return Array.from({ length: pools }, (_, pool) =>
    sets.slice(pool * POOL_MAX_STEPS, (pool + 1) * POOL_MAX_STEPS),
  )
}

function depthRows(
  { name, blocks }: BlockFile,
  reference: ReadonlyMap<number, number>,
  note: (text: string) => void,
): readonly Row[] {
  const depths = blocks.map(({ number, writeSets }) => {
    return { number, ours: parallelDepth(writeSets), theirs: reference.get(number) }
  })
  const compared = depths.flatMap(({ theirs, ...depth }) =>
    theirs === undefined ? [] : [{ ...depth, theirs }],
  )
  const unknown = depths.length - compared.length
  if (unknown > 0) note(`${name}: ${unknown} blocks have no reference`)
  const ours = depths.reduce((sum, depth) => sum + depth.ours, 0)
  if (compared.length === 0)
    return [row({ name: `${name}: parallel depth, no reference`, value: ours, unit: 'groups' })]
  const different = compared.filter((depth) => depth.ours !== depth.theirs)
  for (const depth of different) note(`block ${depth.number}: depth ${depth.ours}, reference ${depth.theirs}`)
  return [
    row({
      name: `${name}: parallel depth, all blocks`,
      value: compared.reduce((sum, depth) => sum + depth.ours, 0),
      unit: 'groups',
      floor: compared.reduce((sum, depth) => sum + depth.theirs, 0),
      goal: { of: 'ratio', is: '<=', than: 1 },
    }),
    row({
      name: `${name}: blocks whose depth is not the reference's`,
      value: different.length,
      unit: 'blocks',
      goal: { of: 'value', is: '<=', than: 0 },
    }),
  ]
}

/** One adaptive size over all pools, as a signer has it. */
function packAll(pools: readonly (readonly WriteSet[])[]): readonly (readonly Packed[])[] {
  const packing = new AdaptivePacking()
  return pools.map((pool) => packing.pack(pool))
}

function packingRows(name: string, pools: readonly (readonly WriteSet[])[]): readonly Row[] {
  const packed = packAll(pools)
  const findings = pools.map((pool, index) => findingsOf(pool, packed[index] ?? []))
  const sum = (what: keyof Findings) => findings.reduce((total, one) => total + one[what], 0)
  const steps = pools.flat().length
  const places = packed.flat().reduce((total, group) => total + group.places, 0)
  const depth = pools.reduce((total, pool) => total + parallelDepth(pool), 0)
  const none = { of: 'value', is: '<=', than: 0 } as const
  return [
    row({
      name: `${name}: steps in conflict inside a group`,
      value: (PERCENT * sum('conflicts')) / steps,
      unit: '%',
      goal: { of: 'value', is: '<=', than: 5 },
    }),
    row({
      name: `${name}: batch fill`,
      value: (PERCENT * steps) / places,
      unit: '%',
      goal: { of: 'value', is: '>=', than: 90 },
    }),
    throughputRow(name, pools, packed),
    row({ name: `${name}: most that the longest chains allow`, value: steps / depth, unit: 'steps/group' }),
    row({
      name: `${name}: dependent writes out of order`,
      value: sum('orderBroken'),
      unit: 'writes',
      goal: none,
    }),
    row({ name: `${name}: steps lost or doubled`, value: sum('lost'), unit: 'steps', goal: none }),
  ]
}

function throughputRow(
  name: string,
  pools: readonly (readonly WriteSet[])[],
  packed: readonly (readonly Packed[])[],
): Row {
  const steps = pools.flat().length
  const firstCome = pools.reduce((total, pool) => total + firstComeGroups(pool, BATCH_STEPS_MAX), 0)
  return row({
    name: `${name}: throughput`,
    value: steps / packed.flat().length,
    unit: 'steps/group',
    floor: steps / firstCome,
    goal: { of: 'ratio', is: '>=', than: 1.25 },
  })
}
