// Planted bugs of batches, delegations and replacements.

import type { Mutant } from './mutant.ts'

const LINE = 'src/shared/signer/state/line.ts'
const EVIDENCE = 'src/shared/signer/evidence/batch-evidence.ts'

export const BATCH_MUTANTS: readonly Mutant[] = [
  {
    name: 'old attempt forgotten',
    file: LINE,
    from: `  const attempts = [...slot.attempts, { ...attempt, raw, steps }]
`,
    to: `  const attempts = [{ ...attempt, raw, steps }]
`,
    breaks: 'the bytes before a replacement may be mined as well',
    caught: { seed: 4, by: 'I1' },
  },
  {
    name: 'a batch taken at its word',
    file: EVIDENCE,
    from: `  if (receipt.status === 'reverted' || done === null) return stepsOf(slot).map(() => NOT_RUN)
`,
    to: `  if (work.kind !== 'batch') return []
  if (done === null) return stepsOf(slot).map(({ action }) => ({ outcome: 'success', delivered_amount: action.type === 'call' ? null : action.amount }))
`,
    breaks: 'without the executor’s log nothing of a batch was run',
    caught: { seed: 69, by: 'I5' },
  },
  {
    name: 'a failed step of a batch is done',
    file: EVIDENCE,
    from: `    if (hasBit(failed, place)) return step.isUntried === true ? NOT_RUN : REVERTED
    if (isDone(place))`,
    to: `    if (isDone(place) || hasBit(failed, place))`,
    breaks: 'each step of a batch ends by its own bit',
    caught: { seed: 4, by: 'I5' },
  },
  {
    name: 'a step that was left out counts as run',
    file: EVIDENCE,
    from: `    if (wanted === 'left_out') return NOT_RUN
`,
    to: '',
    breaks: 'what the bytes close they do not run',
    bias: { often: ['revert_in_batch', 'replaced_mined'], scene: null },
    caught: { seed: 14, by: 'I5' },
  },
  {
    name: 'closed by a filler that is not final',
    file: 'src/shared/signer/evidence/settle.ts',
    from: `    ...(isFinal ? [{ kind: 'settled', nonce, view } as const] : []),
`,
    to: `    ...(view >= 0 ? [{ kind: 'settled', nonce, view } as const] : []),
`,
    breaks: 'a slot is closed only by what can not be undone',
    caught: { seed: 2, by: 'I11' },
  },
  {
    name: 'replacement without pace',
    file: 'src/shared/signer/offers/replacements.ts',
    from: ` || replaceableFrom(slot, blockTimeMs) > now) continue`,
    to: ` || replaceableFrom(slot, 0) > now) continue`,
    breaks: 'fees rise by an eighth a block at most',
    caught: { seed: 42, by: 'I7' },
  },
  {
    name: 'raised by one wei',
    file: 'src/shared/signer/offers/replacements.ts',
    from: `  return (fee * RAISE_NUMERATOR + RAISE_DENOMINATOR - 1n) / RAISE_DENOMINATOR + 1n`,
    to: `  return fee + 1n`,
    breaks: 'nodes take a replacement that we make',
    caught: { seed: 4, by: 'I7' },
  },
  {
    name: 'only the newest bytes count',
    file: 'src/shared/signer/evidence/settle.ts',
    from: `  const attempt = slot.attempts.find((one) => one.hash === hash)
`,
    to: `  const attempt = slot.attempts.slice(-1).find((one) => one.hash === hash)
`,
    breaks: 'any bytes of a slot may be mined, the older ones too',
    caught: { seed: 11, by: 'I1' },
  },
  {
    name: 'the wrong step of a batch fails',
    file: 'src/shared/signer/state/results.ts',
    from: `    return isUsual ? [] : [{ place, ...result }]`,
    to: `    return isUsual ? [] : [{ place: 0, ...result }]`,
    breaks: 'each step of a batch ends by its own bit',
    caught: { seed: 16, by: 'I7' },
  },
  {
    name: 'strangers’ authorizations not seen',
    file: 'src/durable-objects/chain/account-uses.ts',
    from: `      if (after.value > nonce) uses.push`,
    to: `      if (after.value < nonce) uses.push`,
    breaks: 'a nonce that an authorization used up is used up',
    caught: { seed: 211, by: 'liveness' },
  },
]
