// Guarantee: what one endpoint says alone decides nothing for good: no beginning of a nonce line, no part of it that is
// passed over, no step that is given up.

import { expect, test } from 'vitest'
import { isForGood, reconcilePlans } from '../../../src/shared/signer/account/second-opinion.ts'
import type { SignerRecord } from '../../../src/shared/signer/state/records.ts'
import { stepKeyOf } from '../../support/domain-values.ts'

const adopted = (nonce: number): SignerRecord => ({ kind: 'adopted', nonce })
const skipped = (nonce: number): SignerRecord => ({ kind: 'skipped', nonce, view: null })
const rejected = (number: number): SignerRecord => ({
  kind: 'rejected',
  key: stepKeyOf(number),
  failure: 'would_revert',
})
const held: SignerRecord = { kind: 'held', key: stepKeyOf(1), reason: 'funds' }

test('only what can not be taken back needs a second voice', () => {
  expect([adopted(1), skipped(2), rejected(1), held].map(isForGood)).toEqual([true, true, true, false])
})

test('where both decide the same for good, the second is followed', () => {
  expect(reconcilePlans([adopted(3)], [adopted(3), held])).toEqual([adopted(3), held])
  expect(reconcilePlans([rejected(1)], [rejected(1)])).toEqual([rejected(1)])
})

test('where the second decides nothing for good, it is followed', () => {
  expect(reconcilePlans([skipped(9)], [held])).toEqual([held])
})

test.each([
  ['another beginning', [adopted(3)], [adopted(4)]],
  ['another end of the gap', [skipped(3)], [skipped(5)]],
  ['another step given up', [rejected(1)], [rejected(2)]],
  ['more given up', [rejected(1)], [rejected(1), rejected(2)]],
])('where they differ, nothing is decided: %s', (_what, first, second) => {
  expect(reconcilePlans(first, second)).toBeNull()
})
