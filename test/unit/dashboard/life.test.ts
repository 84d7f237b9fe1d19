// Where a transfer is on its way, for every status and every kind of end.

import { describe, expect, it } from 'vitest'
import type { Chain, Step } from '../../../src/dashboard/api/wire.ts'
import type { LiveRecord } from '../../../src/dashboard/live/live-cursor.ts'
import { lifeOf, type Moment, momentText } from '../../../src/dashboard/transfer/life.ts'
import { blockHash, txHash } from '../../../src/shared/schema/scalars.ts'
import { STATUSES, type Status } from '../../../src/shared/transfer/status.ts'

const HASH = `0x${'1'.repeat(64)}`
const TX_HASH = txHash.parse(HASH)
const BLOCK_HASH = blockHash.parse(HASH)

function moment(status: Status, step: Partial<Step> = {}, reason: string | null = null): Moment {
  return {
    status,
    status_reason: reason,
    steps: [
      {
        index: 0,
        number: null,
        action: { type: 'native', to: '0x1', amount: '1' },
        status,
        outcome: null,
        signer: null,
        generation: 0,
        nonce: null,
        hash: null,
        block_number: null,
        block_hash: null,
        delivered_amount: null,
        gas_used: null,
        fee_paid: null,
        attempts: [],
        ...step,
      },
    ],
  }
}

function record(kind: string, seq: number): LiveRecord {
  const at = new Date(seq * 1_000).toISOString()
  const by = { source: 'queue' as const }
  return {
    type: 'record',
    transfer: 'tr_a',
    seq,
    at,
    by,
    status: 'queued',
    status_reason: null,
    record: { kind },
  }
}

function chain(head: number, finalized: number): Chain {
  return {
    chain: 'eip155:1',
    name: 'Test',
    native_symbol: 'ETH',
    private_transfers: false,
    executor: null,
    block_time_ms: 2_000,
    confirmations: 1,
    status: 'following',
    status_reason: null,
    head: { number: head, hash: BLOCK_HASH },
    finalized: { number: finalized, hash: BLOCK_HASH },
    log: null,
  }
}

const standings = (at: Moment, records: readonly LiveRecord[] = []) =>
  lifeOf(at, records, null).map(({ standing }) => standing)

describe('lifeOf', () => {
  it.each(STATUSES)('%s has exactly one place on the way', (status) => {
    const stages = lifeOf(moment(status), [], null)
    expect(stages).toHaveLength(5)
    expect(stages.filter((stage) => stage.status === status)).toHaveLength(1)
  })

  it('goes from accepted to finalized', () => {
    expect(standings(moment('held'))).toEqual(['now', 'ahead', 'ahead', 'ahead', 'ahead'])
    expect(standings(moment('broadcast'))).toEqual(['done', 'done', 'now', 'ahead', 'ahead'])
    expect(standings(moment('finalized'))).toEqual(['done', 'done', 'done', 'done', 'done'])
  })

  it('skips what a canceled transfer never came to', () => {
    expect(standings(moment('canceled'))).toEqual(['done', 'skipped', 'skipped', 'skipped', 'done'])
  })

  it('knows how far a failed transfer came', () => {
    expect(standings(moment('failed', { block_number: 5 }))).toEqual(['done', 'done', 'done', 'done', 'done'])
    const sent = [record('signed', 1), record('broadcast', 2)]
    expect(standings(moment('failed', { hash: TX_HASH }), sent)).toEqual([
      'done',
      'done',
      'done',
      'skipped',
      'done',
    ])
  })

  it('takes the time of the latest record of a stage: a reorg mines again', () => {
    const records = [record('mined', 5), record('orphaned', 6), record('mined', 8)]
    const stages = lifeOf(moment('mined', { block_number: 5 }), records, null)
    expect(stages[3]?.at).toBe(new Date(8_000).toISOString())
  })

  it('fills the last way as finality comes nearer, and never before it is there', () => {
    const at = (finalized: number) =>
      lifeOf(moment('mined', { block_number: 100 }), [], chain(finalized + 10, finalized))[3]
    expect(at(90)?.progress).toBe(0)
    expect(at(95)?.progress).toBe(0.5)
    expect(at(100)?.progress).toBeLessThan(1)
  })
})

describe('momentText', () => {
  it('counts confirmations and blocks to finality', () => {
    const text = momentText(moment('mined', { block_number: 100, confirmations: 3 }), 12, chain(102, 95))
    expect(text).toBe('In block 100. 3 of 12 confirmations, final in 5 blocks (about 10s).')
  })

  it('says why it waits and why it failed', () => {
    expect(momentText(moment('held', {}, 'funds'), 1, null)).toContain('funds')
    expect(momentText(moment('failed', {}, 'reverted'), 1, null)).toContain('reverted')
    expect(momentText(moment('broadcast', {}, 'fee_cap'), 1, null)).toContain('for fees under a cap')
  })
})
