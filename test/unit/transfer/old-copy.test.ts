// Guarantee (T9): a transfer whose step was given back, and that never asked for it, or of which its signer knows a later
// admission than itself, is an old copy of the one that did.

import { expect, test } from 'vitest'
import { TransferEngine } from '../../../src/durable-objects/transfer/transfer-engine.ts'
import type { Sender } from '../../../src/shared/pool/sender.ts'
import type { WithdrawAnswer } from '../../../src/shared/transfer/decide.ts'
import { mayHaveChosen } from '../../../src/shared/transfer/old-copy.ts'
import type { StepStanding } from '../../../src/shared/transfer/step-report.ts'
import { poolOf, requestOf, SIGNER, START, stepKeyOf, TENANT } from '../../support/domain-values.ts'
import { NO_ARCHIVE } from '../../support/no-archive.ts'
import { nodeStorage } from '../../support/node-storage.ts'
import { scenario } from '../../support/transfer-scenario.ts'

const KEY = stepKeyOf(1)
const WITHDRAWN: StepStanding = { at: 'withdrawn' }
/** The transfer has that in its log, its signer says. */
const TAKEN: StepStanding = { at: 'withdrawn', isTaken: true }

async function heard(
  isAskedFor: boolean,
  generation = 0,
  standing = WITHDRAWN,
  answer: WithdrawAnswer = { result: 'fenced' },
) {
  const nothing = () => {}
  const engine = new TransferEngine({
    storage: nodeStorage(),
    now: () => START,
    pace: () => ({ blockTimeMs: 2_000, confirmations: 1, finalityMs: 20_000 }),
    enqueue: async () => {},
    project: nothing,
    withdraw: async () => answer,
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
  engine.report({ ...KEY, generation, signer: SIGNER, view: 9, standing })
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

test('one that asks for what it has in its log, by its signer’s word, is a copy from before: news and answer say so', async () => {
  expect((await heard(true, 0, TAKEN)).journal?.damage).toMatchObject({ reason: 'old_copy' })
  const answered = await heard(true, 0, WITHDRAWN, { result: 'withdrawn', isTaken: true })
  expect(answered.journal?.damage).toMatchObject({ reason: 'old_copy' })
  expect(answered.read(TENANT)?.status).not.toBe('canceled')
})

test('brought up from the archive, one of a pool chooses no signer; one of an account is bound to it again', () => {
  const waiting = (from: Sender) => scenario().create({ from }).state
  expect(mayHaveChosen(waiting(poolOf('payroll')), true)).toBe(true)
  expect(mayHaveChosen(waiting(poolOf('payroll')), false)).toBe(false)
  expect(mayHaveChosen(waiting(SIGNER), true)).toBe(false)
  const bound = scenario().create({ from: poolOf('payroll') })
  bound.bind(SIGNER)
  expect(mayHaveChosen(bound.state, true)).toBe(false)
})

test('news of a generation that it never bound is news of a later state of it', async () => {
  expect((await heard(true, 1)).journal?.damage).toMatchObject({ reason: 'old_copy' })
})
