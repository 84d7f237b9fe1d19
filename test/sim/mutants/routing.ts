// Planted bugs of rates, leases and breakers.

import type { Mutant } from './mutant.ts'

const LEASES = 'src/shared/routing/leases.ts'
const BREAKER = 'src/shared/routing/breaker.ts'
const GATE = 'src/shared/adapters/routing/endpoint-gate.ts'
const RATE = 'no endpoint gets more than its rate'

export const ROUTING_MUTANTS: readonly Mutant[] = [
  {
    name: 'a smaller lease replaces the larger one',
    file: LEASES,
    from: `Math.max(...own.map(({ perSecond }) => perSecond))`,
    to: `own.at(-1)?.perSecond ?? 0`,
    breaks: `${RATE}, also where the answer to a holder is lost`,
    caught: null,
  },
  {
    name: 'the whole rate for everybody',
    file: LEASES,
    from: `  if (fair > 0) return wholeOf(Math.min(free, fair), unit)
`,
    to: `  if (fair > 0) return wholeOf(Math.max(all, free), unit)
`,
    breaks: RATE,
    caught: null,
  },
  {
    name: 'leases not written down',
    file: 'src/durable-objects/chain/endpoint-desk.ts',
    from: `    writeLeaseTable(this.#deps.storage, given)
`,
    to: '',
    breaks: `${RATE}, also over a restart of the chain’s object`,
    caught: null,
  },
  {
    name: 'a lease that does not end',
    file: GATE,
    from: `until: addMs(askedAt, LEASE_MS)`,
    to: `until: addMs(askedAt, 100 * LEASE_MS)`,
    breaks: `${RATE}, also by a holder that is not heard of any more`,
    caught: null,
  },
  {
    name: 'as much as it likes without a lease',
    file: LEASES,
    from: `  return (rate * (1 - LEASED_SHARE)) / UNANSWERED_MOST`,
    to: `  return rate + UNANSWERED_MOST`,
    breaks: `${RATE}, also where the chain’s object does not answer`,
    caught: null,
  },
  {
    name: 'in a burst',
    file: 'src/shared/routing/pace.ts',
    from: `const at = due > now ? due : now`,
    to: `const at = due > addMs(now, SECOND_MS) ? due : now`,
    breaks: RATE,
    caught: { seed: 33, by: 'rate' },
  },
  {
    name: 'never tried again',
    file: BREAKER,
    from: `      if (now < breaker.until) return null
`,
    to: `      if (breaker.openings > 0) return null
`,
    breaks: 'an endpoint that is well again is asked again',
    caught: null,
  },
  {
    name: 'a try without end',
    file: BREAKER,
    from: `breaker.probeUntil !== null && now < breaker.probeUntil`,
    to: `breaker.probeUntil !== null`,
    breaks: 'whoever tries an endpoint and dies keeps nobody out',
    caught: null,
  },
]
