// Guarantee (T4): news that is older than what was heard changes nothing, also where what was heard was no news and so is
// not in the log: a push and the answer to a question may overtake each other.

import { expect, test } from 'vitest'
import { TransferEngine } from '../../../src/durable-objects/transfer/transfer-engine.ts'
import type { StepStanding } from '../../../src/shared/transfer/step-report.ts'
import { requestOf, SIGNER, START, stepKeyOf, TENANT } from '../../support/domain-values.ts'
import { NO_ARCHIVE } from '../../support/no-archive.ts'
import { nodeStorage } from '../../support/node-storage.ts'
import { CLOSED, final, inBlock, pool, slot } from '../../support/standings.ts'

const KEY = stepKeyOf(1)

/** A bound transfer, told these in this order. */
function told(...news: readonly (readonly [view: number, standing: StepStanding, generation?: number])[]) {
  const nothing = () => {}
  const never = () => Promise.reject(new Error('nobody is asked'))
  const engine = new TransferEngine({
    storage: nodeStorage(),
    now: () => START,
    pace: () => ({ blockTimeMs: 2_000, confirmations: 1, finalityMs: 20_000 }),
    enqueue: async () => {},
    project: nothing,
    withdraw: never,
    hasten: never,
    pull: never,
    depth: never,
    publish: nothing,
    archive: NO_ARCHIVE,
    background: nothing,
    damaged: nothing,
  })
  const input = { id: KEY.transfer, tenant: TENANT, fingerprint: 'f', request: requestOf(), refusal: null }
  engine.create(input, { source: 'queue' })
  engine.bind(null)
  const taken = news.map(([view, standing, generation = 0]) =>
    engine.report({ ...KEY, generation, signer: SIGNER, view, standing }),
  )
  return { taken, document: engine.read(TENANT) }
}

test('an older report does not put back a hold that is over', () => {
  const { document } = told([5, pool()], [10, pool()], [7, pool('funds')])
  expect(document).toMatchObject({ status: 'queued' })
})

test('an older report does not put back a block that was undone', () => {
  const sent = slot({ sent: 'broadcast' })
  expect(told([5, sent], [9, sent], [7, inBlock(100)]).document).toMatchObject({ status: 'broadcast' })
})

test('an older report of an end that is in the log may be forgotten all the same', () => {
  expect(told([9, final(100)], [7, final(100)]).taken).toEqual([true, true])
})

test('views of another generation count from their own beginning', () => {
  const { taken } = told([900, CLOSED, 0], [900, CLOSED, 0], [901, pool(), 0])
  expect(taken).toEqual([true, true, false])
})
