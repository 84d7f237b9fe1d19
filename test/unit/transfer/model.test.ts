// Guarantee: in any world of late, doubled, reordered and lost messages, with any legal life of the step at its signer, a
// transfer never stops, never says more than it knows, and comes to what its signer says.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addMs, SECOND_MS } from '../../../src/shared/lib/time.ts'
import { type ExistingTransfer, statusOf } from '../../../src/shared/transfer/state.ts'
import { FINAL_STATUSES } from '../../../src/shared/transfer/status.ts'
import type { StepReport } from '../../../src/shared/transfer/step-report.ts'
import { START } from '../../support/domain-values.ts'
import { holds } from '../../support/property.ts'
import { type Move, moves } from '../../support/transfer-moves.ts'
import { TransferWorld, type WorldOptions } from '../../support/transfer-world.ts'

const confirmations = fc.integer({ min: 1, max: 4 })
const deadline = fc.option(
  fc.integer({ min: 1, max: 120 }).map((seconds) => addMs(START, seconds * SECOND_MS)),
)

test('with nobody who wants to end it: it comes to its end on the chain', () => {
  holds(
    fc.property(moves, confirmations, fc.boolean(), (steps, needed, strangers) => {
      const world = lived(steps, { strangers, cancels: false, confirmations: needed, deadline: null })
      expectTruth(world)
    }),
    400,
  )
})

test('with strangers, and commands and a deadline that want to end it: it ends only where the signer gave it back', () => {
  holds(
    fc.property(moves, confirmations, deadline, (steps, needed, until) => {
      const world = lived(steps, { strangers: true, cancels: true, confirmations: needed, deadline: until })
      expectTruth(world)
    }),
    400,
  )
})

/** The signer tells how far the newest bytes of the slot got; what was told of earlier ones stays true. */
const AT_LEAST = {
  signed: /^(signed|unclear|broadcast)$/,
  unclear: /^(unclear|broadcast)$/,
  broadcast: /^broadcast$/,
} as const

function lived(steps: readonly Move[], options: WorldOptions): TransferWorld {
  const world = new TransferWorld(options)
  for (const step of steps) world.move(step)
  world.calmDown(false)
  return world
}

/** When all has been told, the transfer says what its signer says. */
function expectTruth(world: TransferWorld): void {
  const { transfer } = world
  if (transfer.phase === 'none') throw new Error('there is a transfer')
  expect(transfer).toMatchObject(expectedOf(world.truth(), transfer))
}

function expectedOf({ standing }: StepReport, transfer: ExistingTransfer): Record<string, unknown> {
  switch (standing.at) {
    case 'pool':
      return standing.held === null ? { phase: 'queued' } : { phase: 'held', reason: standing.held }
    case 'withdrawn':
      return { phase: transfer.withdrawal?.cause === 'deadline' ? 'expired' : 'canceled' }
    case 'rejected':
      // Asked back after it was rejected, the signer has nothing to give back: both words are true.
      return transfer.withdrawal === null ? { phase: 'failed', inclusion: null } : {}
    case 'slot': {
      const { inclusion } = standing
      if (inclusion === null) return { phase: expect.stringMatching(AT_LEAST[standing.sent]) }
      if (standing.final)
        return { phase: inclusion.outcome === 'success' ? 'finalized' : 'failed', inclusion }
      return { inclusion, phase: statusOf(transfer) === 'confirmed' ? 'confirmed' : 'mined' }
    }
    default:
      // Never asked for, or closed: it goes on only where it did not end before.
      expect(FINAL_STATUSES).toContain(statusOf(transfer))
      return {}
  }
}
