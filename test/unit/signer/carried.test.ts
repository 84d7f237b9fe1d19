// Guarantee (S26 to S30): what an account has others bring ends once, by the first word of its own code in the chain; it is
// given up only when nobody can run it any more; and while it is out, nothing promises the same funds twice.

import { describe, expect, test } from 'vitest'
import { assertDefined } from '../../../src/shared/lib/assert.ts'
import { addMs, MINUTE_MS } from '../../../src/shared/lib/time.ts'
import type { CarriedBatch } from '../../../src/shared/signer/state/carried-batch.ts'
import { endOfTime } from '../../../src/shared/signer/state/carried-batch.ts'
import { addressOf, hexOf, SIGNER, stepKeyOf, txHashOf } from '../../support/domain-values.ts'
import { batchDone } from '../../support/executor-logs.ts'
import {
  AMOUNT,
  admission,
  FIRST_NONCE,
  GAS,
  included,
  OK_GAS,
  type PlanChange,
  SignerBench,
} from '../../support/signer-bench.ts'

const EXECUTOR = addressOf(0xe8ec)
const CARRIERS = [addressOf(0xc1), addressOf(0xc2)]
const CALLED = addressOf(0x99)
const BLOCK = 100
const LATE = 200

function planned(bench: SignerBench, change: PlanChange = {}) {
  const policy = {
    batch: { executor: EXECUTOR, delegate: 'on_need', delegate_from: 3 },
    carriers: CARRIERS,
    carryFrom: 2,
    ...change.policy,
  } as const
  const account = { code: { kind: 'delegated', to: EXECUTOR }, ...change.account } as const
  return bench.plan({ ...change, policy, account })
}

/** Steps 1 and 2 are under way in the account's own transaction, 3 to 5 with a carrier. */
function entrusted() {
  const bench = new SignerBench()
  bench.admit(1, 2)
  planned(bench)
  bench.admit(3, 4, 5)
  planned(bench)
  const [batch] = bench.state.carried.values()
  return { bench, batch: assertDefined(batch, 'it is entrusted') }
}

type Brought = {
  readonly done?: bigint
  readonly failed?: bigint
  readonly by?: number
  readonly fork?: number
}

/** The batch in a transaction of somebody else's, at a nonce of his own. */
function brought(
  { id }: CarriedBatch,
  block: number,
  { done = 0b111n, failed = 0n, by = 7, fork = 0 }: Brought = {},
) {
  const hash = txHashOf(50_000 + by)
  const logs = [batchDone(SIGNER, BigInt(id), done, failed)]
  return { ...included(FIRST_NONCE, block, { to: SIGNER, hash, fork, logs }), by: addressOf(by) }
}

function late(batch: CarriedBatch) {
  const over = addMs(endOfTime(batch), 1)
  return { account: { time: over }, policy: { finalizedAt: over } }
}

function afterTheEnd({ bench, batch }: ReturnType<typeof entrusted>): void {
  bench.after(endOfTime(batch) - bench.now + MINUTE_MS)
}

describe('while its own transaction is under way', () => {
  test('an account gives the others to carriers in turn, each under a number of its own', () => {
    const { bench, batch } = entrusted()
    expect(batch).toMatchObject({
      carrier: CARRIERS[0],
      steps: [{ number: 2n }, { number: 3n }, { number: 4n }],
    })
    bench.admit(6, 7)
    expect(planned(bench)).toMatchObject([{ kind: 'entrusted', carrier: CARRIERS[1] }])
    expect(bench.report(3).standing).toMatchObject({ at: 'slot', nonce: null, attempts: [], number: 2n })
    bench.expectReplay()
  })

  test('none goes to others untried: what it lacks of gas would be told as its failure', () => {
    const bench = new SignerBench()
    bench.admit(1, 2)
    planned(bench)
    bench.admit(3, 4, 5)
    const untried = { ok: true, gas: GAS, isUntried: true } as const
    planned(bench, { estimate: ({ transfer }) => (transfer === stepKeyOf(4).transfer ? untried : OK_GAS) })
    const [batch] = bench.state.carried.values()
    expect(batch?.steps.map(({ key }) => key)).toEqual([stepKeyOf(3), stepKeyOf(5)])
    expect(bench.report(4).standing).toEqual({ at: 'pool', held: null })
  })

  test('too few wait, and so do those that are no payments, and what depends on them', () => {
    const bench = new SignerBench()
    bench.admit(1, 2)
    planned(bench)
    const call = { type: 'call', to: CALLED, data: hexOf('0x12345678'), value: 0n } as const
    bench.admitAll([
      admission(3, { action: call }),
      admission(4, { action: { type: 'native', to: CALLED, amount: 1n } }),
      admission(5),
    ])
    expect(planned(bench)).toEqual([])
    expect(bench.state.pool.size).toBe(3)
  })

  test('a call that meets what is out with others waits until that is in a block', () => {
    const { bench, batch } = entrusted()
    const call = { type: 'call', to: addressOf(0xb0b), data: hexOf('0x12345678'), value: 0n } as const
    const [{ action }] = [assertDefined(batch.steps[0], 'a step')]
    const to = action.type === 'native' ? action.to : call.to
    bench.admitAll([admission(8, { action: { ...call, to } })])
    bench.facts({ inclusions: [included(FIRST_NONCE, BLOCK, { to: SIGNER })] })
    expect(planned(bench)).toEqual([])
    bench.facts({ inclusions: [included(FIRST_NONCE, BLOCK, { to: SIGNER }), brought(batch, BLOCK)] })
    expect(planned(bench)).toMatchObject([{ kind: 'reserved' }])
  })

  test('no more is out at once than blocks hold', () => {
    const { bench } = entrusted()
    for (let first = 10; first < 20; first += 2) {
      bench.admit(first, first + 1)
      planned(bench)
    }
    expect(bench.state.carried.size).toBe(4)
  })

  test('what is out is promised, and its gas is not', () => {
    const { bench } = entrusted()
    bench.facts({ inclusions: [included(FIRST_NONCE, BLOCK, { to: SIGNER })] })
    bench.admit(6)
    // The three that are out, the one that asks, and the gas of a plain transfer.
    const least = 4n * AMOUNT + 21_000n * 20n
    planned(bench, { account: { balance: least - 1n, latest_nonce: FIRST_NONCE + 1 } })
    expect(bench.report(6).standing).toEqual({
      at: 'slot',
      nonce: null,
      attempts: [],
      number: 5n,
      sent: 'signed',
      inclusion: null,
      final: false,
    })
    bench.expectReplay()
  })
})

describe('what is brought', () => {
  test('ends by its bits when its block is final, whoever brought it', () => {
    const { bench, batch } = entrusted()
    bench.facts({ inclusions: [brought(batch, BLOCK, { done: 0b101n, failed: 0b010n })] })
    expect(bench.report(4).standing).toMatchObject({ inclusion: { outcome: 'reverted' }, final: false })
    bench.facts({ inclusions: [brought(batch, BLOCK, { done: 0b101n, failed: 0b010n })], finalized: BLOCK })
    expect(bench.report(3).standing).toMatchObject({ inclusion: { outcome: 'success' }, final: true })
    expect(bench.report(4).standing).toMatchObject({ inclusion: { outcome: 'reverted' }, final: true })
    expect(bench.state.carried.size).toBe(0)
    bench.expectReplay()
  })

  test('twice counts where it was brought first', () => {
    const { bench, batch } = entrusted()
    const again = brought(batch, BLOCK + 1, { done: 0n, by: 8 })
    bench.facts({ inclusions: [brought(batch, BLOCK), again], finalized: BLOCK + 1 })
    expect(bench.report(3).standing).toMatchObject({ inclusion: { block_number: BLOCK }, final: true })
  })

  test('again, where nobody told of the first time, says nothing', () => {
    const { bench, batch } = entrusted()
    bench.facts({ inclusions: [brought(batch, BLOCK, { done: 0n })], finalized: BLOCK })
    expect(bench.report(3).standing).toMatchObject({ inclusion: null, final: false })
    expect(bench.state.carried.size).toBe(1)
  })

  test('is judged anew where its block is told otherwise: an endpoint had lied, and nobody took it back', () => {
    const { bench, batch } = entrusted()
    bench.facts({ inclusions: [brought(batch, BLOCK, { done: 0n, failed: 0b111n })] })
    bench.facts({ inclusions: [brought(batch, BLOCK)], finalized: BLOCK })
    for (const step of [3, 4, 5])
      expect(bench.report(step).standing).toMatchObject({
        at: 'slot',
        final: true,
        inclusion: { outcome: 'success' },
      })
  })

  test('and undone is out again, and may be brought by another', () => {
    const { bench, batch } = entrusted()
    bench.facts({ inclusions: [brought(batch, BLOCK)] })
    bench.facts({ inclusions: [] })
    expect(bench.report(3).standing).toMatchObject({ at: 'slot', inclusion: null })
    bench.facts({ inclusions: [brought(batch, BLOCK + 2, { by: 9 })], finalized: BLOCK + 2 })
    expect(bench.report(3).standing).toMatchObject({ inclusion: { hash: txHashOf(50_009) }, final: true })
    bench.expectReplay()
  })

  test('is no transaction of the account’s own line, whatever nonce it has', () => {
    const { bench, batch } = entrusted()
    bench.facts({ inclusions: [brought(batch, BLOCK)], finalized: LATE })
    expect(bench.slot(1)).toMatchObject({ inclusion: null, usurper: null })
  })
})

describe('what is wanted back', () => {
  test('is closed by the account, and given up when that is final', () => {
    const { bench, batch } = entrusted()
    expect(bench.withdraw(4, 'cancel')).toEqual({ result: 'in_slot', nonce: null })
    const own = included(FIRST_NONCE, BLOCK, { to: SIGNER })
    bench.facts({ inclusions: [own] })
    expect(planned(bench)).toMatchObject([{ kind: 'closing', closes: [{ batch: batch.id, number: 3n }] }])
    const closed = closingAt(bench, BLOCK + 1)
    bench.facts({ inclusions: [own, closed], finalized: BLOCK })
    expect(bench.report(4).standing).toMatchObject({ at: 'slot', inclusion: null })
    bench.facts({ inclusions: [own, closed], finalized: BLOCK + 1 })
    expect(bench.report(4).standing).toMatchObject({ at: 'closed', nonce: null, by: closed.receipt.hash })
    // The others are still out; what was closed they leave out.
    bench.facts({ inclusions: [own, closed, brought(batch, LATE, { done: 0b101n })], finalized: LATE })
    expect(bench.report(3).standing).toMatchObject({ inclusion: { outcome: 'success' }, final: true })
    expect(bench.report(4).standing).toMatchObject({ at: 'closed' })
    bench.expectReplay()
  })

  test('is not closed at a price above a cap of the account', () => {
    const { bench } = entrusted()
    bench.withdraw(4, 'cancel')
    bench.facts({ inclusions: [included(FIRST_NONCE, BLOCK, { to: SIGNER })] })
    expect(planned(bench, { policy: { caps: { signer: 1n, chain: null } } })).toEqual([])
    expect(planned(bench)).toMatchObject([{ kind: 'closing' }])
  })

  test('and whose number was used before, by what nobody told of, stays open', () => {
    const { bench } = entrusted()
    bench.withdraw(4, 'cancel')
    const own = included(FIRST_NONCE, BLOCK, { to: SIGNER })
    bench.facts({ inclusions: [own] })
    planned(bench)
    bench.facts({ inclusions: [own, closingAt(bench, BLOCK + 1, 0n)], finalized: BLOCK + 1 })
    expect(bench.report(4).standing).toMatchObject({ at: 'slot', inclusion: null, final: false })
    // It is not closed again and again.
    expect(kinds(planned(bench))).not.toContain('closing')
    bench.expectReplay()
  })

  test('and ran first has run', () => {
    const { bench, batch } = entrusted()
    bench.withdraw(4, 'cancel')
    const own = included(FIRST_NONCE, BLOCK, { to: SIGNER })
    bench.facts({ inclusions: [own] })
    planned(bench)
    const inclusions = [own, brought(batch, BLOCK + 1), closingAt(bench, BLOCK + 2)]
    bench.facts({ inclusions, finalized: BLOCK + 2 })
    expect(bench.report(4).standing).toMatchObject({ inclusion: { outcome: 'success' }, final: true })
  })
})

describe('what nobody brings', () => {
  test('is given up after its time, and not before a final block is past it', () => {
    const one = entrusted()
    const { bench, batch } = one
    afterTheEnd(one)
    expect(kinds(planned(bench, { ...late(batch), policy: {} }))).not.toContain('annulled')
    expect(kinds(planned(bench, { ...late(batch), account: {} }))).not.toContain('annulled')
    expect(kinds(planned(bench, late(batch)))).toContain('annulled')
    expect(bench.report(3).standing).toEqual({ at: 'closed', nonce: null, by: null })
    bench.expectReplay()
  })

  test('is not given up before our own clock is well past it', () => {
    const { bench, batch } = entrusted()
    bench.after(endOfTime(batch) - bench.now + MINUTE_MS - 1)
    expect(kinds(planned(bench, late(batch)))).not.toContain('annulled')
  })

  test('nor while a number of it is used up, by what was not told yet', () => {
    const one = entrusted()
    afterTheEnd(one)
    const { account, policy } = late(one.batch)
    const used = new Map([[0n, 0b1000n]])
    expect(kinds(planned(one.bench, { account: { ...account, used }, policy }))).not.toContain('annulled')
  })
})

test('who carries tells nobody of it', () => {
  const bench = new SignerBench()
  bench.admitAll([admission(1, { batch: 'never', carriage_gas: 700_000n })])
  expect(bench.plan()).toMatchObject([{ kind: 'adopted' }, { kind: 'reserved', gas_limit: 700_000n }])
  bench.facts({ inclusions: [included(FIRST_NONCE, BLOCK)], finalized: BLOCK })
  expect([...bench.state.ended.values()]).toMatchObject([{ key: stepKeyOf(1), isAcknowledged: true }])
})

/** The account's own closing of numbers, in this block. */
function closingAt(bench: SignerBench, block: number, done = 1n) {
  const slot = [...bench.state.slots.values()].find(({ work }) => work.kind === 'closing')
  const { nonce, work, attempts } = assertDefined(slot, 'numbers are being closed')
  const id = work.kind === 'closing' ? work.id : '0x0'
  const hash = assertDefined(attempts[0], 'it is signed').hash
  return included(nonce, block, { to: SIGNER, hash, logs: [batchDone(SIGNER, BigInt(id), done, 0n)] })
}

function kinds(records: readonly { readonly kind: string }[]): readonly string[] {
  return records.map(({ kind }) => kind)
}
