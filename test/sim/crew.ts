// Many histories at once, one thread per core. Which seeds are run does not hang on how many there are: the one that is
// told to have failed is the lowest.

import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { HistoryOptions, HistoryResult } from './history.ts'
import type { Tally } from './tally.ts'

export class Crew {
  readonly size = availableParallelism()
  readonly #members: readonly Member[]

  /** `mutant`: the planted bug's name. */
  constructor(mutant: string | null) {
    this.#members = Array.from({ length: this.size }, () => new Member(mutant))
  }

  /** From `first` on, until one breaks something; null: none did. */
  async search(
    first: number,
    count: number,
    optionsOf: (seed: number) => HistoryOptions,
    tally: Tally | null,
  ): Promise<HistoryResult | null> {
    const failed: HistoryResult[] = []
    let next = first
    const work = async (member: Member) => {
      while (next < first + count && failed.length === 0) {
        const seed = next
        next += 1
        const result = await member.run(optionsOf(seed))
        tally?.add(result)
        if (result.violation !== null) failed.push(result)
      }
    }
    await Promise.all(this.#members.map(work))
    return failed.toSorted((a, b) => a.seed - b.seed)[0] ?? null
  }

  async close(): Promise<void> {
    await Promise.all(this.#members.map((member) => member.close()))
  }
}

class Member {
  readonly #worker: Worker

  constructor(mutant: string | null) {
    this.#worker = new Worker(new URL('./crew-member.ts', import.meta.url), { workerData: mutant })
  }

  run(options: HistoryOptions): Promise<HistoryResult> {
    return new Promise((resolve, reject) => {
      this.#worker.once('error', reject)
      this.#worker.once('message', (result: HistoryResult) => {
        this.#worker.off('error', reject)
        resolve(result)
      })
      this.#worker.postMessage(options)
    })
  }

  async close(): Promise<void> {
    await this.#worker.terminate()
  }
}
