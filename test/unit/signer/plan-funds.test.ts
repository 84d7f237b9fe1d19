// Guarantee (S7): nothing is promised twice. A step goes only where the balance covers it beside all that open slots may
// still take; one that does not fit, or whose price is too high, waits, and others go on past it.

import { describe, expect, test } from 'vitest'
import { addressOf, hexOf, RECIPIENT, stepKeyOf } from '../../support/domain-values.ts'
import {
  AMOUNT,
  admission,
  COST,
  FIRST_NONCE,
  GAS,
  included,
  MAX_FEE,
  REVERTS,
  SignerBench,
} from '../../support/signer-bench.ts'

const TOKEN = addressOf(0x7)
const kindsOf = (records: readonly { readonly kind: string }[]) => records.map(({ kind }) => kind)
const held = (number: number, reason: string) => ({ kind: 'held', key: stepKeyOf(number), reason })

describe('funds', () => {
  test('are promised once: what open slots may take is not there for others', () => {
    const bench = new SignerBench()
    bench.admit(1, 2)
    const balance = 2n * COST - 1n
    expect(bench.plan({ account: { balance } })).toMatchObject([
      { kind: 'adopted' },
      { kind: 'reserved', key: stepKeyOf(1), gas_limit: GAS, max_fee_per_gas: MAX_FEE },
      held(2, 'funds'),
    ])
    expect(bench.plan({ account: { balance } })).toEqual([])
    expect(bench.plan({ account: { balance: balance + 1n } })).toMatchObject([{ kind: 'reserved' }])
  })

  test('that a mined slot took are not taken twice', () => {
    const bench = new SignerBench()
    bench.admit(1, 2)
    bench.plan({ account: { balance: COST } })
    bench.facts({ inclusions: [included(FIRST_NONCE, 100)] })
    expect(bench.plan({ account: { balance: COST } })).toMatchObject([{ kind: 'reserved' }])
  })

  test('that are short for one step hold that one, and others that fit go on', () => {
    const bench = new SignerBench()
    const large = { type: 'native', to: RECIPIENT, amount: 10n ** 30n } as const
    bench.admitAll([admission(1, { action: large }), admission(2)])
    expect(bench.plan()).toMatchObject([{ kind: 'adopted' }, held(1, 'funds'), { key: stepKeyOf(2) }])
  })

  test('are short before a node is asked what it would cost: its refusal is no verdict about the step', () => {
    const bench = new SignerBench()
    bench.admit(1)
    expect(bench.plan({ account: { balance: AMOUNT - 1n }, estimate: () => REVERTS })).toMatchObject([
      { kind: 'adopted' },
      held(1, 'funds'),
    ])
  })

  test('of a token are counted beside the open slots, and beside the value for gas', () => {
    const bench = new SignerBench()
    const action = { type: 'erc20', token: TOKEN, to: RECIPIENT, amount: 60n } as const
    bench.admitAll([admission(1, { action }), admission(2, { action })])
    const rich = { token_balances: [100n] }
    expect(bench.plan({ account: rich })).toMatchObject([{}, { key: stepKeyOf(1) }, held(2, 'funds')])
    expect(bench.plan({ account: { token_balances: [119n] } })).toEqual([])
    expect(bench.plan({ account: { token_balances: [120n], balance: 2n * GAS * MAX_FEE - 1n } })).toEqual([])
    expect(bench.plan({ account: { token_balances: [120n], balance: 2n * GAS * MAX_FEE } })).toMatchObject([
      { kind: 'reserved', key: stepKeyOf(2) },
    ])
  })

  test('of a call are the value that goes with it', () => {
    const bench = new SignerBench()
    const action = { type: 'call', to: RECIPIENT, data: hexOf('0x'), value: 5n } as const
    bench.admitAll([admission(1, { action })])
    const estimate = () => ({ ok: true, gas: 50_000n }) as const
    const cost = 5n + 60_000n * MAX_FEE
    expect(kindsOf(bench.plan({ account: { balance: cost - 1n }, estimate }))).toEqual(['adopted', 'held'])
    expect(bench.plan({ account: { balance: cost }, estimate })).toMatchObject([{ gas_limit: 60_000n }])
  })
})

describe('the price', () => {
  test('above what a transfer may bid holds it, until the market falls', () => {
    const bench = new SignerBench()
    bench.admitAll([admission(1, { max_fee_per_gas: 10n }), admission(2)])
    expect(bench.plan()).toMatchObject([{}, held(1, 'fee_cap'), { kind: 'reserved', key: stepKeyOf(2) }])
    expect(bench.plan()).toEqual([])
    const fees = { next_base_fee: 4n, priority_fee: 2n }
    expect(bench.plan({ account: { fees } })).toMatchObject([
      { kind: 'reserved', key: stepKeyOf(1), max_fee_per_gas: 10n, max_priority_fee_per_gas: 2n },
    ])
  })
})
