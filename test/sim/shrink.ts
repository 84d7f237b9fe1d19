// Takes a failing history apart: fewer classes of faults, fewer transfers, fewer faults, as long as the same invariant
// breaks. What is left is the shortest history that was found.

import type { Explorer } from './explore.ts'
import type { FaultClass, FaultName } from './faults.ts'
import type { HistoryOptions, HistoryResult } from './history.ts'

/** Histories that one shrinking may run. */
const RUNS_MAX = 600

export type Shrunk = {
  readonly options: HistoryOptions
  readonly result: HistoryResult
  readonly runs: number
}

export async function shrink(
  explorer: Explorer,
  options: HistoryOptions,
  failed: HistoryResult,
): Promise<Shrunk> {
  const shrinking = new Shrinking(explorer, options, failed)
  await shrinking.dropClasses()
  await shrinking.dropTransfers(failed.transfers)
  await shrinking.dropFaults()
  await shrinking.dropTransfers(failed.transfers)
  return { options: shrinking.options, result: shrinking.result, runs: shrinking.runs }
}

class Shrinking {
  readonly #explorer: Explorer
  readonly #invariant: string | undefined
  options: HistoryOptions
  result: HistoryResult
  runs = 0

  constructor(explorer: Explorer, options: HistoryOptions, failed: HistoryResult) {
    this.#explorer = explorer
    this.#invariant = failed.violation?.invariant
    this.options = options
    this.result = failed
  }

  async #isStillBroken(options: HistoryOptions): Promise<boolean> {
    if (this.runs >= RUNS_MAX) return false
    this.runs += 1
    const result = await this.#explorer.run(options)
    if (result.violation?.invariant !== this.#invariant) return false
    this.options = options
    this.result = result
    return true
  }

  async dropClasses(): Promise<void> {
    const happened = new Set(this.result.faults.map(classOf))
    await this.#withClasses(happened)
    for (const name of happened) {
      await this.#withClasses(new Set([...this.options.faults.classes].filter((one) => one !== name)))
    }
  }

  #withClasses(classes: ReadonlySet<FaultClass>): Promise<boolean> {
    const { faults } = this.options
    return this.#isStillBroken({ ...this.options, faults: { ...faults, classes } })
  }

  async dropTransfers(count: number): Promise<void> {
    for (let index = 0; index < count; index++) {
      const kept = this.options.only ?? new Set(Array.from({ length: count }, (_, one) => one))
      const only = new Set([...kept].filter((one) => one !== index))
      if (only.size > 0 && only.size < kept.size) await this.#isStillBroken({ ...this.options, only })
    }
  }

  /** In halves, then quarters, and at last one by one. */
  async dropFaults(): Promise<void> {
    for (let size = Math.ceil(this.result.faults.length / 2); size >= 1; size = Math.floor(size / 2)) {
      for (let start = 0; start < this.result.faults.length; ) {
        const { faults } = this.result
        const isDropped = await this.#without(faults.slice(start, start + size))
        if (!isDropped) start += size
      }
    }
  }

  #without(names: readonly FaultName[]): Promise<boolean> {
    const { faults } = this.options
    const without = new Set([...faults.without, ...names])
    return this.#isStillBroken({ ...this.options, faults: { ...faults, without } })
  }
}

function classOf(name: FaultName): FaultClass {
  const [text = ''] = name.split('#')
  return text as FaultClass
}
