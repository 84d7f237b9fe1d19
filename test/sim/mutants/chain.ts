// Planted bugs of a chain.

import type { Mutant } from './mutant.ts'

const AGREEMENT = 'src/durable-objects/chain/agreement.ts'
const FOLLOW = 'src/shared/chain/follow.ts'

export const CHAIN_MUTANTS: readonly Mutant[] = [
  {
    name: 'begun at a head that came to be behind',
    file: 'src/durable-objects/chain/chain-engine.ts',
    from: `if (head === null || isBehind(this.#state.finalized, head)) return false`,
    to: `if (head === null) return false`,
    breaks: 'following begins at nothing below what is final, however long an endpoint took to tell its head',
    caught: { seed: 132128, by: 'I11' },
  },
  {
    name: 'receipts of one endpoint trusted',
    file: AGREEMENT,
    from: `  return isSame ? 'same' : 'other contents'`,
    to: `  return isSame || ours.length > 0 ? 'same' : 'other contents'`,
    breaks: 'what one endpoint tells of a block changes no final status',
    caught: { seed: 84, by: 'I1' },
  },
  {
    name: 'hidden transactions not looked for',
    file: AGREEMENT,
    from: `  if (theirs.value.length !== ours.length) return 'other contents'
`,
    to: ``,
    breaks: 'what one endpoint leaves out of a block is found',
    caught: { seed: 22, by: 'liveness' },
  },
  {
    name: 'one endpoint’s word on finality',
    file: AGREEMENT,
    from: `  if (!(await isFinalFor(node, claim))) return 'silent'
`,
    to: ``,
    breaks: 'no final status before finality',
    bias: { often: ['endpoint_lie', 'reorg'], scene: null },
    caught: { seed: 153, by: 'I11' },
  },
  {
    name: 'begun anew above its own beginning',
    file: FOLLOW,
    from: `Math.min(height, belowBeginning))`,
    to: `height)`,
    breaks: 'the walk never begins behind a transaction of ours',
    caught: { seed: 29, by: 'liveness' },
  },
  {
    name: 'a fork does not undo',
    file: 'src/shared/chain/evolve.ts',
    from: `    inclusions: add(drop(state.inclusions, removed), record.matches),`,
    to: `    inclusions: add(state.inclusions, record.matches),`,
    breaks: 'a reorg takes back what it undid',
    bias: { often: ['reorg', 'endpoint_lag'], scene: null },
    caught: { seed: 7, by: 'I11' },
  },
  {
    name: 'never asked again what became of it',
    file: 'src/durable-objects/chain/signer-news.ts',
    from: `    return this.tell(unheard)`,
    to: `    return this.tell(unheard.slice(1_000))`,
    breaks: 'an idle account is not followed for ever',
    caught: { seed: 25, by: 'liveness' },
  },
]
