// A worker's invocation: no storage, no output gate, gone when it dies. Clients are the same, seen from here.

import { type UnixMs, unixMs } from '../../src/shared/lib/time.ts'
import type { Party, Stage } from './stage.ts'

/** Milliseconds by which a worker's clock may be off, to either side. */
const SKEW_MOST_MS = 60_000

export class Worker implements Party {
  readonly name: string
  life = 0
  readonly #stage: Stage
  readonly #skewMs: number
  /** Dies here instead of hearing an answer. */
  readonly #dies: () => boolean
  onDeath: (() => void) | null = null

  constructor(stage: Stage, name: string, dies: () => boolean = () => false) {
    this.#stage = stage
    this.name = name
    this.#dies = dies
    const isSkewed = stage.faults.strikes('clock_skew')
    this.#skewMs = isSkewed ? stage.faults.stream('clock_skew').between(-SKEW_MOST_MS, SKEW_MOST_MS) : 0
  }

  now(): UnixMs {
    return unixMs(this.#stage.scheduler.now + this.#skewMs)
  }

  emit(message: () => void): void {
    message()
  }

  hear(delayMs: number, label: string, life: number, work: () => void): void {
    this.#stage.scheduler.after(delayMs, `${this.name} ${label}`, () => {
      if (this.life !== life) return
      if (this.#dies()) this.die()
      else work()
    })
  }

  die(): void {
    this.#stage.note?.(`      ${this.name} dies`)
    this.life += 1
    this.onDeath?.()
  }
}
