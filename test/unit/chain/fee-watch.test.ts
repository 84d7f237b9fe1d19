// Guarantee: a chain's object knows the fees of recent blocks after any death, from whichever endpoint tells them, and tells
// nothing that is old.

import { expect, test } from 'vitest'
import { FeeWatch } from '../../../src/durable-objects/chain/fee-watch.ts'
import type { ToldFees } from '../../../src/shared/fees/fee-market.ts'
import { addMs } from '../../../src/shared/lib/time.ts'
import type { ChainNode, NodeResult } from '../../../src/shared/ports/chain-node.ts'
import { START } from '../../support/domain-values.ts'
import { type NodeStorage, nodeStorage } from '../../support/node-storage.ts'

const BLOCK_TIME_MS = 12_000
const DOWN: NodeResult<never> = { ok: false, error: { reason: 'unreachable', detail: 'no connection' } }

const never = async (): Promise<never> => {
  throw new Error('not asked in this test')
}

/** A chain whose base fee is the height; each endpoint has a head of its own. */
class Bench {
  now = START
  readonly asked: string[] = []
  readonly storage: NodeStorage
  heads: readonly (number | 'down' | 'legacy')[]
  watch: FeeWatch

  constructor(...heads: readonly (number | 'down' | 'legacy')[]) {
    this.heads = heads
    this.storage = nodeStorage()
    this.watch = this.#open()
  }

  /** The object was evicted: what it remembers is gone. */
  reopen(): void {
    this.watch = this.#open()
  }

  after(ms: number): void {
    this.now = addMs(this.now, ms)
  }

  rows(): number {
    return Number(this.storage.sql.exec('SELECT count(*) AS count FROM fee_block').toArray()[0]?.count)
  }

  #open(): FeeWatch {
    return new FeeWatch({
      storage: this.storage,
      now: () => this.now,
      nodes: async () => this.heads.map((_, index) => this.#node(index)),
      blockTimeMs: () => BLOCK_TIME_MS,
      log: () => undefined,
    })
  }

  #node(index: number): ChainNode {
    const name = `node ${index}`
    return {
      name,
      operator: name,
      heads: never,
      blockByHash: never,
      blockByNumber: never,
      receipts: never,
      batchLogs: never,
      nonceAfter: never,
      signerAccount: never,
      chainReference: never,
      broadcast: never,
      fees: async (blocks): Promise<NodeResult<ToldFees>> => {
        this.asked.push(`${index}: ${blocks}`)
        const head = this.heads[index]
        if (head === 'legacy') return { ok: true, value: { kind: 'legacy', gas_price: 5n } }
        if (head === undefined || head === 'down') return DOWN
        return { ok: true, value: { kind: 'base_fee', history: heights(head, blocks) } }
      },
    }
  }
}

function heights(head: number, count: number) {
  const first = Math.max(0, head - count + 1)
  const blocks = Array.from({ length: head - first + 1 }, (_, index) => {
    const number = first + index
    return { number, base_fee: BigInt(number), gas_ratio: 0.5, tips: [1n, 2n, 3n, 4n, 5n] }
  })
  return { blocks, next_base_fee: BigInt(head + 1) }
}

test('all of it is asked for once, and then what is new', async () => {
  const bench = new Bench(5_000)
  expect(await bench.watch.outlook()).toMatchObject({
    base_fee: { block: 5_000, next: 5_001n, known_blocks: 1_024 },
  })
  bench.heads = [5_003]
  bench.after(BLOCK_TIME_MS)
  expect(await bench.watch.outlook()).toMatchObject({ base_fee: { block: 5_003, known_blocks: 1_024 } })
  expect(bench.asked).toEqual(['0: 1024', '0: 16'])
  expect(bench.rows()).toBe(1_025)
})

test('what was told a moment ago is of the same block, and not asked for again', async () => {
  const bench = new Bench(100)
  await bench.watch.outlook()
  await bench.watch.outlook()
  await bench.watch.keep()
  expect(bench.asked).toEqual(['0: 1024'])
  bench.after(BLOCK_TIME_MS)
  await bench.watch.keep()
  expect(bench.asked).toHaveLength(2)
})

test('after an eviction the history is there, and goes on', async () => {
  const bench = new Bench(5_000)
  await bench.watch.outlook()
  bench.reopen()
  bench.heads = [5_001]
  expect(await bench.watch.outlook()).toMatchObject({ base_fee: { block: 5_001, known_blocks: 1_024 } })
  expect(bench.asked.at(-1)).toBe('0: 16')
})

test('where the chain went on for long without us, all of it is asked for again', async () => {
  const bench = new Bench(500)
  await bench.watch.outlook()
  bench.heads = [9_000]
  bench.after(BLOCK_TIME_MS)
  expect(await bench.watch.outlook()).toMatchObject({ base_fee: { block: 9_000, known_blocks: 1_024 } })
  expect(bench.asked).toEqual(['0: 1024', '0: 16', '0: 1024'])
})

test('an endpoint that is down or behind is passed over', async () => {
  const bench = new Bench(100, 100)
  await bench.watch.outlook()
  bench.after(BLOCK_TIME_MS)
  bench.heads = ['down', 101]
  expect(await bench.watch.outlook()).toMatchObject({ base_fee: { block: 101 } })
  bench.after(BLOCK_TIME_MS)
  bench.heads = [95, 102]
  expect(await bench.watch.outlook()).toMatchObject({ base_fee: { block: 102 } })
})

test('with no endpoint the last picture is told for a while, and then none', async () => {
  const bench = new Bench(100)
  await bench.watch.outlook()
  bench.heads = ['down']
  bench.after(3 * BLOCK_TIME_MS)
  expect(await bench.watch.outlook()).toMatchObject({ base_fee: { block: 100 } })
  bench.after(20 * BLOCK_TIME_MS)
  expect(await bench.watch.outlook()).toBeNull()
})

test('a chain without base fees has its gas price, at every speed', async () => {
  const bench = new Bench('legacy')
  const outlook = await bench.watch.outlook()
  expect(outlook).toMatchObject({ base_fee: null, gas_price: 5n })
  expect(new Set(outlook?.speeds.map(({ offer }) => offer.max_fee_per_gas))).toEqual(new Set([5n]))
})

test('a table that does not read back is none', async () => {
  const bench = new Bench(100)
  await bench.watch.outlook()
  for (const damage of [
    `UPDATE fee_block SET base_fee = 'x' WHERE number = 50`,
    `UPDATE fee_block SET base_fee = '1', tips = '1,-2' WHERE number = 50`,
    `DELETE FROM fee_block WHERE number = 60`,
  ]) {
    bench.storage.sql.exec(damage)
    bench.reopen()
    expect(await bench.watch.outlook()).toMatchObject({ base_fee: { block: 100, known_blocks: 101 } })
    expect(bench.asked.at(-1)).toBe('0: 1024')
  }
})
