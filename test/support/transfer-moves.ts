// What may happen between a transfer, its signer and the world, and how often.

import fc from 'fast-check'

/** How often each is made: most of a life happens at the signer. */
const MOVES = [
  ['submit', 3],
  ['bind', 1],
  ['admit', 1],
  ['signer', 10],
  ['look', 2],
  ['push', 3],
  ['deliver', 4],
  ['cancel', 1],
  ['ask', 2],
  ['answer', 2],
  ['wake', 2],
  ['measure', 2],
  ['time', 2],
] as const
export type Move = { readonly do: (typeof MOVES)[number][0]; readonly pick: number }

const names = MOVES.map(([name, weight]) => ({ weight, arbitrary: fc.constant(name) }))

export const moves: fc.Arbitrary<readonly Move[]> = fc.array(
  fc.record({ do: fc.oneof(...names), pick: fc.noBias(fc.nat(9_999)) }),
  { minLength: 5, maxLength: 60, size: 'max' },
)
