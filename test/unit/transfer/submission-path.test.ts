// Guarantee: only what is simple, may go now, and comes with a trusted key is submitted within its request; whatever else
// goes by the queue, and the first record says why.

import { expect, test } from 'vitest'
import type { TransferRequest } from '../../../src/shared/transfer/request.ts'
import { submissionPath } from '../../../src/shared/transfer/submission-path.ts'
import { poolOf, RECIPIENT, requestOf, START } from '../../support/domain-values.ts'
import { scenario } from '../../support/transfer-scenario.ts'

const POOL = poolOf('payroll')

test('a native payment from an account goes within its request', () => {
  expect(submissionPath(requestOf({}), true)).toEqual({ by: 'request' })
})

test.each<[string, Partial<TransferRequest>]>([
  ['pool', { from: POOL }],
  ['waits', { not_before: START }],
  ['waits', { speed: 'economy' }],
  ['private', { visibility: 'private' }],
])('%s: it goes by the queue', (because, change) => {
  expect(submissionPath(requestOf(change), true)).toEqual({ by: 'queue', because })
})

test('a key that is not trusted is the first reason', () => {
  expect(submissionPath(requestOf({ from: POOL }), false)).toEqual({ by: 'queue', because: 'key' })
})

test('anything but a payment goes by the queue', () => {
  const actions = [{ type: 'native', to: RECIPIENT, amount: 1n }] as const
  const action = { type: 'batch', actions } as const
  expect(submissionPath(requestOf({ action }), true)).toEqual({ by: 'queue', because: 'action' })
})

test('what was decided stands in the first record, and changes nothing else', () => {
  const path = { by: 'queue', because: 'key' } as const
  scenario()
    .create({}, { path })
    .expectAnswer({ result: 'created' })
    .expectRecord(expect.objectContaining({ kind: 'accepted', path }))
    .expectEffects(['enqueue'])
})
