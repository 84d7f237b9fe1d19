// Planted bugs of private transfers.

import type { Bias } from '../bias.ts'
import type { Mutant } from './mutant.ts'

const PRIVATE: Bias = { often: [], scene: 'private' }

export const PRIVACY_MUTANTS: readonly Mutant[] = [
  {
    name: 'private bytes go anywhere',
    file: 'src/shared/adapters/broadcast.ts',
    from: `nodesOf(isPrivate ? 'private' : 'public')`,
    to: `nodesOf(isPrivate && attempts.some(({ isRepeat }) => !isRepeat) ? 'private' : 'public')`,
    breaks: 'what is private goes to private endpoints alone, however often',
    bias: PRIVATE,
    caught: { seed: 2, by: 'privacy' },
  },
  {
    name: 'a private step leaves its account public',
    file: 'src/shared/signer/admit.ts',
    from: `if (isHidden && !isPrivate) records`,
    to: `if (isHidden && !isPrivate && state.pool.size + state.slots.size === 0) records`,
    breaks: 'an account is private from its first private step on',
    bias: PRIVATE,
    caught: { seed: 4, by: 'privacy' },
  },
  {
    name: 'a private step is tried anywhere',
    file: 'src/durable-objects/signer/signer-planner.ts',
    from: `const first = await this.#deps.account(policy, query, { besides: null, visibility }, isUsable)`,
    to: `const first = await this.#deps.account(policy, query, { besides: null, visibility: visibility === 'private' && state.slots.size > 0 ? 'public' : visibility }, isUsable)`,
    breaks: 'what is asked of a private step private endpoints alone hear',
    bias: PRIVATE,
    caught: { seed: 4, by: 'privacy' },
  },
  {
    name: 'the second voice hears what is to be done',
    file: 'src/durable-objects/signer/signer-planner.ts',
    from: `const bare = { ...query, tokens: [], estimates: [] }`,
    to: `const bare = { ...query, tokens: [] }`,
    breaks: 'a public endpoint is asked how far a private account is, and nothing else',
    bias: PRIVATE,
    caught: { seed: 5, by: 'privacy' },
  },
  {
    name: 'a private account batches',
    file: 'src/shared/signer/plan/candidates.ts',
    from: `return !isPrivate && code === batch?.executor`,
    to: `return (isPrivate || !isPrivate) && code === batch?.executor`,
    breaks: 'each private step is a transaction of its own',
    bias: PRIVATE,
    caught: { seed: 249, by: 'privacy' },
  },
]
