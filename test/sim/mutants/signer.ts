// Planted bugs of a signer.

import type { Bias } from '../bias.ts'
import type { Mutant } from './mutant.ts'

const ENGINE = 'src/durable-objects/signer/signer-engine.ts'
const PLANNER = 'src/durable-objects/signer/signer-planner.ts'
const EVOLVE = 'src/shared/signer/state/evolve-slot.ts'
const SETTLE = 'src/shared/signer/evidence/settle.ts'

/** What a stranger signed comes into a block and out of it again. */
const HOLES: Bias = { often: ['reorg', 'stranger', 'stranger_gives_up'], scene: null }

export const SIGNER_MUTANTS: readonly Mutant[] = [
  {
    name: 'broadcast before the record',
    file: PLANNER,
    from: `    const { hash, raw } = signed.value
`,
    to: `    const { hash, raw } = signed.value
    await this.#deps.broadcast(this.#deps.policy(name), [{ nonce, hash, raw }])
`,
    breaks: 'only bytes that are in the log leave',
    caught: { seed: 2, by: 'I8' },
  },
  {
    name: 'nonce used again after a time-out',
    file: EVOLVE,
    from: `    case 'sent':
`,
    to: `    case 'sent':
      if (record.class === 'unclear' && state.nextNonce === record.nonce + 1) {
        const { work } = state.slots.get(record.nonce)
        if (work.kind === 'step') {
          const { key, action } = work.step
          state.slots.delete(record.nonce)
          state.slotOf.delete([key.transfer, key.step, key.generation].join('/'))
          state.nextNonce = record.nonce
          const asked = { key, action, not_before: null, max_fee_per_gas: null, batch: 'auto', speed: 'standard' }
          state.pool.set([key.transfer, key.step, key.generation].join('/'), { ...asked, deadline: null, held: null, doubtedAt: null })
          return NO_ENDS
        }
      }
`,
    breaks: 'once bytes may have left, only the same bytes go out at that nonce',
    bias: { often: ['endpoint_timeout', 'endpoint_drop', 'late_attempt'], scene: null },
    caught: { seed: 8, by: 'I1' },
  },
  {
    name: 'already known is a failure',
    file: EVOLVE,
    from: `    case 'sent':
`,
    to: `    case 'sent':
      if (record.class === 'known') return close(state, record.nonce, record.hash)
`,
    breaks: '`already known` is success',
    caught: { seed: 9, by: 'I1' },
  },
  {
    name: 'tombstone not kept',
    file: 'src/shared/signer/admit.ts',
    from: `return ended === undefined ? {`,
    to: `return ended === undefined && state.pool.has(text) ? {`,
    breaks: 'after `withdrawn` no admission, however late, becomes money',
    caught: { seed: 3, by: 'I5' },
  },
  {
    name: 'alarm after the work',
    file: ENGINE,
    from: `    this.#log.arm(policy)
    await this.archive.keep()
    this.#log.takeUpRepairs()
    if (this.#log.damage !== null) return this.#tellDamage(name, this.#log.damage)
    await this.#lookAgain(name)
`,
    to: `    await this.archive.keep()
    await this.#lookAgain(name)
    this.#log.arm(policy)
`,
    breaks: 'the next look is certain before anything can fail',
    caught: { seed: 7, by: 'I2' },
  },
  {
    name: 'signed above an unsigned slot',
    file: PLANNER,
    from: `    const counted = answers.slice(0, missing < 0 ? answers.length : missing)
`,
    to: `    const counted = answers
`,
    breaks: 'slots are signed in nonce order',
    caught: { seed: 131, by: 'I4' },
  },
  {
    name: 'refused for funds is closed',
    file: EVOLVE,
    from: `    case 'sent':
`,
    to: `    case 'sent':
      if (record.class === 'funds') return close(state, record.nonce, record.hash)
`,
    breaks: 'what was refused once may be taken when the account has money again',
    bias: { often: ['drained_signer', 'late_attempt', 'eviction_mempool'], scene: null },
    caught: { seed: 70, by: 'I1' },
  },
  {
    name: 'cursor moved before told',
    file: 'src/durable-objects/signer/step-reports.ts',
    from: `    this.#log.isTelling = true
`,
    to: `    this.#log.markTold()
`,
    breaks: 'what a transfer was not told stays due',
    caught: { seed: 7, by: 'liveness' },
  },
  {
    name: 'step forgotten before acknowledged',
    file: 'src/shared/signer/forgettable.ts',
    from: `if (step.isAcknowledged && addMs(step.ended_at, ENDED_KEPT_MS) <= now) keys.push(step.key)`,
    to: `keys.push(step.key)`,
    breaks: 'a step is forgotten only after its transfer has its end',
    caught: { seed: 2, by: 'I5' },
  },
  {
    name: 'bytes go out only once',
    file: 'src/shared/signer/offers/pacing.ts',
    from: `  return now >= addMs(last, waitMs)`,
    to: `  return waitMs < 0`,
    breaks: 'bytes that a node dropped, or that a reorg undid, go out again',
    caught: { seed: 110, by: 'liveness' },
  },
  {
    name: 'final one block early',
    file: SETTLE,
    from: `  const isFinal = block_number <= finalized
`,
    to: `  const isFinal = block_number <= finalized + 1
`,
    breaks: 'nothing is final before the chain says so',
    caught: { seed: 10, by: 'I11' },
  },
  {
    name: 'closed before it is final',
    file: SETTLE,
    from: `    if (isFinal) return [{ kind: 'closed', nonce, hash, view }]`,
    to: `    if (block_number > 0) return [{ kind: 'closed', nonce, hash, view }]`,
    breaks: 'a slot is closed only by what can not be undone',
    caught: { seed: 20, by: 'I11' },
  },
  {
    name: 'a stranger’s transaction taken for ours',
    file: SETTLE,
    from: `  const attempt = slot.attempts.find((one) => one.hash === hash)
`,
    to: `  const attempt = slot.attempts.at(-1)
`,
    breaks: 'a step ended by its own bytes and no others',
    caught: { seed: 9, by: 'I5' },
  },
  {
    name: 'success is status 1',
    file: 'src/shared/signer/evidence/evidence.ts',
    from: `      return judgeErc20(action, from, inclusion.receipt.logs)`,
    to: `      return { outcome: 'success', delivered_amount: action.amount }`,
    breaks: 'success is evidence',
    caught: { seed: 9, by: 'I7' },
  },
  {
    name: 'plans run side by side',
    file: PLANNER,
    from: `    return this.#flight.run()`,
    to: `    return this.#counted()`,
    breaks: 'one plan at a time',
    caught: { seed: 6, by: 'assertion' },
  },
  {
    name: 'a plan kept over an await',
    file: PLANNER,
    from: `    if (!records.some(isForGood)) return records
`,
    to: `    if (!records.some(isForGood)) {
      await this.#deps.account(policy, query, first.value.operator)
      return records
    }
`,
    breaks: 'after every await the state is read again',
    caught: { seed: 2, by: 'assertion' },
  },
  {
    name: 'one endpoint’s word on nonces',
    file: PLANNER,
    from: `    if (!records.some(isForGood)) return records
`,
    to: `    if (records.length > 0) return records
`,
    breaks: 'one endpoint alone decides nothing for good',
    bias: { often: ['endpoint_lie', 'late_attempt'], scene: null },
    caught: { seed: 124, by: 'liveness' },
  },
  {
    name: 'not followed before the broadcast',
    file: PLANNER,
    from: `    if (this.#log.state.slots.size === 0 || this.#since === null) {
      const { slots`,
    to: `    this.#since ??= 0
    if (policy.window < 0) {
      const { slots`,
    breaks: 'the chain is followed before the first slot is open',
    caught: { seed: 10, by: 'liveness' },
  },
  {
    name: 'facts of a lower view',
    file: ENGINE,
    from: `facts.view >= this.#heardView ? settle(this.#log.state, facts)`,
    to: `facts.view >= 0 ? settle({ ...this.#log.state, chainView: 0 }, facts)`,
    breaks: 'a later view of the chain is not undone by an earlier one',
    caught: { seed: 42, by: 'I5' },
  },
  {
    name: 'a hole in the line is left',
    file: 'src/shared/signer/plan/plan.ts',
    from: `const filling = fill(state, account, budget, now, policy.blockTimeMs)`,
    to: `const filling = fill(state, account, budget, now, policy.blockTimeMs).slice(0, 0)`,
    breaks: 'a nonce that a stranger had and a reorg took back is used up',
    bias: HOLES,
    caught: { seed: 12, by: 'liveness' },
  },
  {
    name: 'a look that shows a hole is taken for an old one',
    file: 'src/shared/signer/account/recent.ts',
    from: `finalized !== null && at.number > finalized`,
    to: `finalized !== null && at.number < 0`,
    breaks: 'a signer above a hole goes on',
    bias: HOLES,
    caught: { seed: 12, by: 'liveness' },
  },
  {
    name: 'one endpoint’s word on a hole',
    file: 'src/shared/signer/account/second-opinion.ts',
    from: `    case 'filling':
`,
    to: '',
    breaks: 'one endpoint alone decides nothing for good',
    bias: { often: ['endpoint_lie', 'reorg', 'stranger'], scene: null },
    caught: { seed: 148, by: 'liveness' },
  },
]
