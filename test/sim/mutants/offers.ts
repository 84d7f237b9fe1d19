// Planted bugs of better offers, second tries, and batches of actions.

import type { Mutant } from './mutant.ts'

export const OFFER_MUTANTS: readonly Mutant[] = [
  {
    name: 'a better offer above the cap',
    file: 'src/shared/signer/offers/repricings.ts',
    from: `  const capped = most === null ? offer.max_fee_per_gas : smaller(most, offer.max_fee_per_gas)
`,
    to: `  const capped = most === -1n ? most : offer.max_fee_per_gas
`,
    breaks: 'no bytes bid more than a step that they run allows',
    caught: { seed: 43, by: 'I7' },
  },
  {
    name: 'another cap is told than keeps a slot',
    file: 'src/shared/signer/offers/repricings.ts',
    from: `  return keptBy(most === null ? null : { by: 'transfer', most })`,
    to: `  return keptBy(most === null ? null : { by: 'transfer', most: most + 1n })`,
    breaks: 'what is told of a cap is so',
    caught: { seed: 167, by: 'I7' },
  },
  {
    name: 'a second try under the old key',
    file: 'src/shared/transfer/evolve.ts',
    from: `  return { ...base, generation: base.generation + 1, phase: 'accepted' }`,
    to: `  return { ...base, generation: base.generation, phase: 'accepted' }`,
    breaks: 'what ended with its signer is admitted under another generation',
    caught: { seed: 9, by: 'liveness' },
  },
  {
    name: 'a part of a batch of actions',
    file: 'src/shared/batch/call-of.ts',
    from: `calls: action.actions.map(callOf)`,
    to: `calls: action.actions.slice(0, 2).map(callOf)`,
    breaks: 'all of a batch of actions happens, or none',
    caught: { seed: 11, by: 'I7' },
  },
]
