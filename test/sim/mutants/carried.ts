// Planted bugs of batches that others bring.

import type { Bias } from '../bias.ts'
import type { Mutant } from './mutant.ts'

const PLAN = 'src/shared/signer/plan/plan-carried.ts'
const SETTLE = 'src/shared/signer/evidence/settle-carried.ts'
const EVIDENCE = 'src/shared/signer/evidence/batch-evidence.ts'
/** Who brings a batch fails, and a stranger brings it late. */
const LATE: Bias = {
  often: ['batch_brought', 'endpoint_drop', 'endpoint_timeout', 'clock_skew'],
  scene: 'carried',
}
const UNDONE: Bias = { often: ['batch_brought', 'reorg'], scene: 'carried' }
/** Some endpoint hides what was brought. */
const HIDDEN: Bias = {
  often: ['endpoint_lie', 'batch_brought', 'endpoint_lag', 'endpoint_drop'],
  scene: 'carried',
}

export const CARRIED_MUTANTS: readonly Mutant[] = [
  {
    name: 'a batch that others bring is over by our own clock',
    file: PLAN,
    from: `    return batch.inclusion === null && isFinal && now >= addMs(end, LAPSE_MARGIN_MS)`,
    to: `    return batch.inclusion === null && (isFinal || now >= 0) && now >= addMs(end, -2 * LAPSE_MARGIN_MS)`,
    breaks: 'what was signed can be brought until a final block is past its time',
    bias: LATE,
    caught: { seed: 196, by: 'I11' },
  },
  {
    name: 'delivered in a block that can be undone',
    file: SETTLE,
    from: `    ...(inclusion.block_number <= finalized ? [`,
    to: `    ...(finalized >= 0 ? [`,
    breaks: 'what others brought is at its end when its block is final',
    bias: UNDONE,
    caught: { seed: 3, by: 'I11' },
  },
  {
    name: 'what others bring is promised by nobody',
    file: 'src/shared/signer/account/budget.ts',
    from: `      const isPaid = inclusion !== null && inclusion.block_number <= account.at.number
`,
    to: `      const isPaid = inclusion !== null || account.at.number >= 0
`,
    breaks: 'open batches promise no more than the account has',
    bias: { often: ['drained_signer', 'batch_brought'], scene: 'carried' },
    caught: { seed: 584, by: 'I7' },
  },
  {
    name: 'a signature leaves before its log was shown',
    file: 'src/durable-objects/signer/signer-log.ts',
    from: `kind === 'signed' || kind === 'authorized'`,
    to: `kind === 'signed'`,
    breaks: 'an old copy is known by all that left before',
    bias: { often: ['old_copy', 'eviction', 'batch_brought'], scene: 'carried' },
    caught: { seed: 1084, by: 'I1' },
  },
  {
    name: 'a log in which nothing ran is believed',
    file: EVIDENCE,
    from: ` || (bits.done | bits.failed) === 0n) continue`,
    to: `) continue`,
    breaks: 'a batch that is brought again says nothing',
    bias: HIDDEN,
    caught: { seed: 69, by: 'I5' },
  },
]
