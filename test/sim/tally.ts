// Counts over many histories: what was injected, what was checked, what broke.

import type { FaultClass } from './faults.ts'
import type { HistoryResult } from './history.ts'
import type { Invariant } from './violations.ts'

export class Tally {
  histories = 0
  events = 0
  transfers = 0
  readonly faults = new Map<FaultClass, number>()
  /** Histories in which a class struck at least once. */
  readonly histOf = new Map<FaultClass, number>()
  readonly checks = new Map<Invariant, number>()
  readonly violations: { readonly seed: number; readonly invariant: Invariant; readonly detail: string }[] =
    []
  readonly crashPoints = new Set<string>()

  add(result: HistoryResult): void {
    this.histories += 1
    this.events += result.events
    this.transfers += result.transfers
    for (const [name, count] of result.counts) {
      this.faults.set(name, (this.faults.get(name) ?? 0) + count)
      this.histOf.set(name, (this.histOf.get(name) ?? 0) + 1)
    }
    for (const [name, count] of result.checks) this.checks.set(name, (this.checks.get(name) ?? 0) + count)
    for (const point of result.crashesStruck) this.crashPoints.add(point)
    if (result.violation !== null) this.violations.push({ seed: result.seed, ...result.violation })
  }
}
