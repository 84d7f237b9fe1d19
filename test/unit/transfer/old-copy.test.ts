// Guarantee (T9): a transfer whose step was given back, and that never asked for it, or of which its signer knows a later
// admission than itself, is an old copy of the one that did.

import { expect, test } from 'vitest'
import { TransferEngine } from '../../../src/durable-objects/transfer/transfer-engine.ts'
import type { StepStanding } from '../../../src/shared/transfer/step-report.ts'
import { requestOf, SIGNER, START, stepKeyOf, TENANT } from '../../support/domain-values.ts'
import { NO_ARCHIVE } from '../../support/no-archive.ts'
import { nodeStorage } from '../../support/node-storage.ts'

const KEY = stepKeyOf(1)
const WITHDRAWN: StepStanding = { at: 'withdrawn' }

async function heard(isAskedFor: boolean, generation = 0) {
  const nothing = () => {}
  const engine = new TransferEngine({
    storage: nodeStorage(),
    now: () => START,
    pace: () => ({ blockTimeMs: 2_000, confirmations: 1, finalityMs: 20_000 }),
    enqueue: async () => {},
    project: nothing,
    withdraw: async () => ({ result: 'fenced' }),
    hasten: async () => {},
    pull: () => Promise.reject(new Error('nobody is asked')),
    depth: () => Promise.reject(new Error('nobody is asked')),
    publish: nothing,
    archive: NO_ARCHIVE,
    background: nothing,
    damaged: nothing,
  })
  const input = { id: KEY.transfer, tenant: TENANT, fingerprint: 'f', request: requestOf(), refusal: null }
  engine.create(input, { source: 'queue' })
  engine.bind(null)
  if (isAskedFor) await engine.cancel(TENANT, 'c', { source: 'queue' })
  engine.report({ ...KEY, generation, signer: SIGNER, view: 9, standing: WITHDRAWN })
  return engine
}

test('it is fenced, and takes nothing more', async () => {
  const engine = await heard(false)
  expect(engine.journal?.damage).toMatchObject({ reason: 'old_copy' })
  expect(engine.bind(null)).toEqual({ result: 'refused', reason: 'fenced' })
})

test('one that asked for it ends', async () => {
  expect((await heard(true)).read(TENANT)).toMatchObject({ status: 'canceled' })
})

test('news of a generation that it never bound is news of a later state of it', async () => {
  expect((await heard(true, 1)).journal?.damage).toMatchObject({ reason: 'old_copy' })
})
