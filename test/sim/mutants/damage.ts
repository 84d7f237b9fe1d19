// Planted bugs of what is done about damaged logs and old copies.

import type { Mutant } from './mutant.ts'

const SIGNER = 'src/durable-objects/signer/signer-engine.ts'

export const DAMAGE_MUTANTS: readonly Mutant[] = [
  {
    name: 'fenced for good after it was brought up',
    file: 'src/durable-objects/transfer/transfer-journal.ts',
    from: `beyond === true && to_seq >= head.seq)`,
    to: `beyond === true && to_seq <= head.seq)`,
    breaks: 'what went on after it was brought up from the archive goes on',
    caught: { seed: 142335, by: 'I10' },
  },
  {
    name: 'damage not noticed',
    file: 'src/durable-objects/wal/wal.ts',
    from: `    if (end.seq !== head.seq || end.digest !== head.digest) return err({ reason: 'head', seq: end.seq })
`,
    to: ``,
    breaks: 'a log that lost its end takes nothing more',
    caught: { seed: 4, by: 'I3' },
  },
  {
    name: 'damage not repaired',
    file: 'src/durable-objects/archive/log-keeper.ts',
    from: `    await mend(journal, this.#deps.archive, this.#deps.now)
`,
    to: ``,
    breaks: 'what the archive has comes back',
    caught: { seed: 2, by: 'liveness' },
  },
  {
    name: 'an old copy signs',
    file: 'src/durable-objects/signer/log-witness.ts',
    from: `if (remembered === null || this.#log.holds(remembered))`,
    to: `if (remembered === null || remembered.seq > 0)`,
    breaks: 'a signer behind what its witness remembers signs nothing',
    caught: { seed: 85, by: 'I10' },
  },
  {
    name: 'an old copy gives steps back',
    file: SIGNER,
    from: `    if (!(await this.#isVouchedFor(name, by))) return { result: 'fenced' }
    const { answer, records } = withdraw(`,
    to: `    this.#log.open(name, by, this.#deps.policy(name))
    const { answer, records } = withdraw(`,
    breaks: 'canceled is told only when no later state of the log has signed it',
    bias: { often: ['old_copy', 'eviction'], scene: null },
    caught: { seed: 58, by: 'assertion' },
  },
  {
    name: 'an old transfer goes on',
    file: 'src/durable-objects/transfer/transfer-engine.ts',
    from: `    if (isOfLaterState(this.#state, news)) this.#existingJournal().foundOld()
`,
    to: ``,
    breaks: 'an old copy that learns of more than it knows is fenced',
    caught: { seed: 33, by: 'liveness' },
  },
  {
    name: 'a repaired log is not shown',
    file: 'src/durable-objects/transfer/transfer-engine.ts',
    from: `    if (wasDamaged) this.#deps.publish()
`,
    to: ``,
    breaks: 'who watched a damaged transfer gets the rest when it is repaired',
    bias: { often: ['record_damaged', 'eviction'], scene: null },
    caught: { seed: 141, by: 'liveness' },
  },
  {
    name: 'who asks again for what it has is answered',
    file: 'src/shared/signer/admit.ts',
    from: `  const isTaken = ended?.isAcknowledged === true
`,
    to: `  const isTaken = ended === null
`,
    breaks: 'a copy from before a step was given back is known by its asking',
    caught: { seed: 40531, by: 'I1' },
  },
]
