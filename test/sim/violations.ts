// The invariants by their names, and the first breach of a history. A history ends where one is broken.

export const INVARIANTS = {
  I1: 'at most one mined effect per step',
  I2: 'an accepted transfer is never lost',
  I3: 'replaying the log gives the state',
  I4: 'the nonce line is dense',
  I5: 'when all is quiet, status equals the chain',
  I6: 'subscribers see each record at least once, in order',
  I7: 'value is conserved',
  I8: 'no bytes leave that are not in a committed log',
  I9: 'every projection equals the fold',
  I10: 'a damaged log and an old copy are repaired, or fenced and told, and sign nothing',
  I11: 'no final status before the chain’s finality',
  privacy: 'what is private goes to private endpoints alone',
  rate: 'no endpoint gets more than its rate',
  assertion: 'no object finds itself in an impossible state',
  deadlock: 'no wait between actors closes a circle',
  liveness: 'when faults stop, everything ends within a bounded number of events',
} as const

export type Invariant = keyof typeof INVARIANTS

export type Violation = { readonly invariant: Invariant; readonly detail: string }

export class Violations {
  first: Violation | null = null
  /** How often each was looked at. */
  readonly checks = new Map<Invariant, number>()

  check(invariant: Invariant, isKept: boolean, detail: () => string): void {
    this.checks.set(invariant, (this.checks.get(invariant) ?? 0) + 1)
    if (!isKept) this.breach(invariant, detail())
  }

  breach(invariant: Invariant, detail: string): void {
    this.first ??= { invariant, detail }
  }
}
