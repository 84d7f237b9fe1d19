// Guarantee (src/shared/transfer/SPEC.md, T10): a transfer from a pool has one signer for each generation, whatever is
// chosen how often; only when its slot is closed may another one be chosen.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addressOf, poolOf, requestOf, SIGNER, TENANT, transferIdOf } from '../../support/domain-values.ts'
import { holds } from '../../support/property.ts'
import { CLOSED, pool } from '../../support/standings.ts'
import { scenario } from '../../support/transfer-scenario.ts'

const [A, B] = [addressOf(0xa1), addressOf(0xa2)]
const POOL = poolOf('payroll')
const REQUEST = requestOf({ from: POOL })
const pooled = () => scenario().create({ from: POOL })
const boundTo = (signer: string, generation = 0) => ({
  result: 'bound',
  tenant: TENANT,
  signer,
  key: { transfer: transferIdOf(1), step: 0, generation },
  request: REQUEST,
})

test('without a choice it says what is to be chosen of, and writes nothing', () => {
  pooled()
    .bind()
    .expectAnswer({
      result: 'unbound',
      transfer: transferIdOf(1),
      tenant: TENANT,
      pool: POOL,
      request: REQUEST,
    })
    .expectRecords([])
    .expectState({ phase: 'accepted' })
})

test('a choice is written down before it is answered', () => {
  pooled()
    .bind(A)
    .expectAnswer(boundTo(A))
    .expectRecord({ kind: 'bound', generation: 0, signer: A })
    .expectState({ phase: 'bound', signer: A })
})

test('whatever is chosen afterwards, the answer is the signer that is bound', () => {
  holds(
    fc.property(fc.array(fc.constantFrom(A, B, SIGNER, null), { maxLength: 6 }), (choices) => {
      const transfer = pooled().bind(A)
      for (const choice of choices) transfer.bind(choice).expectRecords([]).expectAnswer(boundTo(A))
    }),
  )
})

test('also while it waits with its signer, for funds or in the line', () => {
  pooled().bind(A).report(pool('funds')).bind(B).expectAnswer(boundTo(A)).expectRecords([])
  pooled().bind(A).report(pool()).bind(B).expectAnswer(boundTo(A)).expectRecords([])
})

test('a choice for a transfer that names an account counts for nothing', () => {
  scenario().create().bind(B).expectState({ phase: 'bound', signer: SIGNER })
})

test('a new generation may have another signer, which is asked under its own key', () => {
  const closed = pooled().bind(A).report(CLOSED)
  closed.expectState({ phase: 'accepted', generation: 1 })
  closed.bind().expectRecords([])
  closed.bind(B).expectAnswer(boundTo(B, 1)).expectState({ phase: 'bound', signer: B, generation: 1 })
})

test('one that nobody took yet is canceled at once, and expires by itself', () => {
  pooled().bind().cancel().expectAnswer({ result: 'canceled' }).expectStatus('canceled')
  pooled().cancel().bind(A).expectAnswer({ result: 'refused', reason: 'final' }).expectRecords([])
})

test('it wakes until it has its end, bound or not', () => {
  pooled().bind().wake().expectEffects(['enqueue'])
  pooled().bind(A).wake().expectEffects(['pull', 'enqueue'])
  expect(pooled().bind(A).wake().state).toMatchObject({ signer: A })
})
