// Planted bugs of rates.

import type { Mutant } from './mutant.ts'

export const ROUTING_MUTANTS: readonly Mutant[] = [
  {
    name: 'in a burst',
    file: 'src/shared/routing/pace.ts',
    from: `const at = due > now ? due : now`,
    to: `const at = due > addMs(now, SECOND_MS) ? due : now`,
    breaks: 'no endpoint gets more than its rate',
    caught: { seed: 33, by: 'rate' },
  },
]
