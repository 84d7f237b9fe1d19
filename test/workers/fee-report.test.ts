// The report of fees on the real database: cron writes down what ended, once, with what the chain's object knew of its blocks;
// the answer is of one tenant, by chain and time.

import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import { feeRowStatement } from '../../src/shared/adapters/d1/transfer-fees.ts'
import type { FeeBaseline } from '../../src/shared/fees/fee-baseline.ts'
import { feeReportView } from '../../src/shared/schema/api-fee-report.ts'
import { type AssessDeps, assessFees } from '../../src/workers/cron/assess-fees.ts'
import { dispatchTick, SWEEP_CRON } from '../../src/workers/cron/dispatch.ts'
import { newApi, newCaller } from './support/api-client.ts'
import { TEST_CHAIN } from './support/settings.ts'

const ENDED_AT = Date.parse('2026-01-31T12:00:00.000Z')
const PRICE = { base_fee: '10', tip: '2' }
const BASELINE = JSON.stringify({ base_fee: '6', libraries: { viem: PRICE, ethers: PRICE, geth: PRICE } })

let caller: Awaited<ReturnType<typeof newCaller>>

beforeAll(async () => {
  caller = await newCaller()
  const own = {
    tenant: caller.tenant,
    chain: TEST_CHAIN,
    kind: 'native',
    gas_used: '21000',
    fee_paid: '147000',
  }
  const rows = [
    { ...own, transfer: 'a', ended_at: ENDED_AT, hash: 'one', baseline: BASELINE },
    { ...own, transfer: 'b', ended_at: ENDED_AT + 1, hash: 'two', baseline: null },
    { ...own, transfer: 'c', ended_at: ENDED_AT, hash: 'three', baseline: BASELINE, chain: 'eip155:5' },
    { ...own, transfer: 'd', ended_at: ENDED_AT, hash: 'four', baseline: BASELINE, tenant: 'other' },
  ]
  for (const row of rows) {
    const { sql, params } = feeRowStatement(row)
    await env.DB.prepare(sql)
      .bind(...params)
      .run()
  }
})

async function report(query: string) {
  const { status, body } = await newApi().get(`/v1/reports/fees?${query}`, { key: caller.key })
  return { status, body }
}

const DAY = 'from=2026-01-31T00:00:00Z&to=2026-02-01T00:00:00Z'

describe('GET /v1/reports/fees', () => {
  it('is of the tenant alone, by chain', async () => {
    const { status, body } = await report(DAY)
    expect(status).toBe(200)
    const { data, is_partial } = feeReportView.parse(body)
    expect(is_partial).toBe(false)
    expect(data.map(({ chain, transfers }) => [chain, transfers]).sort()).toEqual([
      [TEST_CHAIN, 2],
      ['eip155:5', 1],
    ])
    expect(data.find(({ transfers }) => transfers === 2)).toMatchObject({
      fee_paid: 294_000n,
      compared: {
        transfers: 1,
        libraries: [
          {
            library: 'viem',
            saved: '105000',
            saved_percent: 41.66,
            saved_by_timing: '84000',
            saved_by_tips: '21000',
          },
          { library: 'ethers' },
          { library: 'geth' },
        ],
      },
    })
  })

  it('of one chain, and of a time whose end is not part of it', async () => {
    expect((await report(`${DAY}&chain=eip155:5`)).body.data).toMatchObject([{ chain: 'eip155:5' }])
    const until = await report('from=2026-01-31T12:00:00Z&to=2026-01-31T12:00:00.001Z')
    expect(until.body.data).toMatchObject([{ transfers: 1 }, { transfers: 1 }])
    expect((await report('')).body.data).toEqual([])
  })

  it.each([
    ['chain=1', 'invalid_chain'],
    ['from=yesterday', 'invalid_time'],
    ['from=2026-02-01T00:00:00Z&to=2026-02-01T00:00:00Z', 'invalid_time'],
    ['tenant=other', 'unknown_field'],
  ])('%s is refused: %s', async (query, code) => {
    expect(await report(query)).toMatchObject({ status: 400, body: { code } })
  })
})

describe('cron', () => {
  const steps = [{ hash: 'h', block_number: 7, gas_used: '21000', fee_paid: '147000' }]

  async function ended(id: string, document: object, is_final = 1): Promise<void> {
    await env.DB.prepare(
      `INSERT INTO transfers (id, tenant, chain, status, is_final, from_address, to_address, kind, incarnation, seq, created_at, updated_at, document)
       VALUES (?, ?, ?, 'finalized', ?, '', '', 'native', 1, 1, ?, ?, ?)`,
    )
      .bind(id, caller.tenant, TEST_CHAIN, is_final, ENDED_AT, Date.now(), JSON.stringify(document))
      .run()
  }

  function rows() {
    return env.DB.prepare('SELECT transfer, baseline FROM transfer_fees WHERE ended_at > ? ORDER BY transfer')
      .bind(ENDED_AT + 1)
      .all()
  }

  it('writes down what was included and ended, once', async () => {
    await ended('x1', { not_before: null, steps })
    await ended('x2', { not_before: null, steps }, 0)
    await ended('x3', { not_before: null, steps: [{ fee_paid: null }] })
    // The chain's only endpoint is silent, so its object knows no blocks.
    await dispatchTick(SWEEP_CRON, Date.now(), env)
    await dispatchTick(SWEEP_CRON, Date.now(), env)
    expect((await rows()).results).toEqual([{ transfer: 'x1', baseline: null }])
  })

  it('asks the object of each chain for the time from which on a transfer could go, and another tick does what failed', async () => {
    const asked: unknown[] = []
    const kept: unknown[] = []
    const baseline: FeeBaseline = { base_fee: 1n, libraries: { viem: zero(), ethers: zero(), geth: zero() } }
    const transfer = {
      transfer: 't',
      tenant: 'acme',
      chain: TEST_CHAIN,
      kind: 'native',
      created_at: 5,
      ended_at: 9,
      not_before: '1970-01-01T00:00:00.007Z',
      hash: 'h',
      block_number: 3,
      gas_used: '1',
      fee_paid: '1',
    }
    const answers = [
      () => Promise.reject(new Error('no answer')),
      async () => ['not_yet'],
      async () => [baseline],
    ]
    const deps = {
      chains: [TEST_CHAIN],
      newest: async () => null,
      unassessed: async () => [transfer, { ...transfer, chain: 'eip155:404' }],
      keep: async (some: readonly unknown[]) => void kept.push(...some),
      chainActors: {
        getByName: () => ({
          feeBaselines: (_chain: string, transfers: readonly unknown[]) => {
            asked.push(...transfers)
            return answers.shift()?.() ?? Promise.resolve([])
          },
        }),
      },
      log: () => undefined,
    } as unknown as AssessDeps
    await assessFees(deps, 10)
    expect(kept).toEqual([])
    await assessFees(deps, 10)
    expect(kept, 'its block is not known yet').toEqual([])
    await assessFees(deps, 10)
    expect(asked.at(-1)).toEqual({ since: 7, block_number: 3 })
    expect(kept).toMatchObject([{ transfer: 't', chain: TEST_CHAIN, prices: baseline }])
  })
})

function zero() {
  return { base_fee: 0n, tip: 0n }
}
