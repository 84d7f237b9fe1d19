// Guarantee: in any world of blocks, reorgs, strangers, refusals and lost news, a signer promises no money twice, gives a
// step one slot at most, and comes to what the chain says.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SIGNER_RECORD_KINDS } from '../../../src/shared/signer/state/records.ts'
import { holds } from '../../support/property.ts'
import { SignerWorld } from '../../support/signer-world.ts'
import { signerMoves } from '../../support/signer-world-moves.ts'
import { specTable } from '../../support/spec-table.ts'

test('the line, the money and the ends hold after every move, and the log comes to the truth', () => {
  holds(
    fc.property(signerMoves, (moves) => {
      const world = new SignerWorld({ isInStep: true })
      for (const move of moves) world.move(move)
      world.expectTruth()
    }),
    250,
  )
})

test('and the money also where the node that is asked is behind, ahead or on another branch than what was told', () => {
  holds(
    fc.property(signerMoves, (moves) => {
      const world = new SignerWorld({ isInStep: false })
      for (const move of moves) world.move(move)
      world.expectTruth()
    }),
    250,
  )
})

test('SPEC.md describes every record', () => {
  expect(specTable('signer', 'Records').map(([name]) => name)).toEqual(SIGNER_RECORD_KINDS)
})
