// What may happen to a signer and to the chain that it sends to, and how often.

import fc from 'fast-check'

const MOVES = [
  ['admit', 6],
  ['withdraw', 1],
  ['plan', 6],
  ['sent', 3],
  ['mine', 6],
  ['stranger', 1],
  ['reorg', 2],
  ['finalize', 3],
  ['facts', 3],
  ['old facts', 2],
  ['acknowledge', 1],
  ['deposit', 1],
  ['time', 1],
] as const
export type SignerMove = { readonly do: (typeof MOVES)[number][0]; readonly pick: number }

const names = MOVES.map(([name, weight]) => ({ weight, arbitrary: fc.constant(name) }))

export const signerMoves: fc.Arbitrary<readonly SignerMove[]> = fc.array(
  fc.record({ do: fc.oneof(...names), pick: fc.noBias(fc.nat(9_999)) }),
  { minLength: 10, maxLength: 80, size: 'max' },
)
