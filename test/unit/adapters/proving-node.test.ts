// Guarantee: an endpoint that is not known to be of its chain gets no bytes and is believed nothing, and one that is down
// still counts as a voice that is missing.

import { describe, expect, test } from 'vitest'
import { ProvingNode } from '../../../src/shared/adapters/proving-node.ts'
import { addMs, type UnixMs } from '../../../src/shared/lib/time.ts'
import type { ChainNode, NodeResult } from '../../../src/shared/ports/chain-node.ts'
import { CHAIN, START, txHashOf } from '../../support/domain-values.ts'
import { hex } from './chain-values.ts'

const REFERENCE = Number(CHAIN.split(':')[1])
const DOWN: NodeResult<never> = { ok: false, error: { reason: 'unreachable', detail: 'no connection' } }

test('one that proved itself is asked that once, and then passes everything on', async () => {
  const bench = new Bench({ ok: true, value: REFERENCE })
  expect(await bench.proving.blockByNumber(1)).toEqual({ ok: true, value: null })
  expect(await bench.proving.broadcast(hex('0x01'), txHashOf(1))).toMatchObject({ class: 'accepted' })
  expect(bench.asked).toEqual(['chain id', 'block', 'bytes'])
})

describe.each([
  ['of another chain', { ok: true, value: REFERENCE + 1 }],
  ['down', DOWN],
] as const)('one that is %s', (_name, answer) => {
  test('gets no bytes, and nothing of it is believed', async () => {
    const bench = new Bench(answer)
    expect(await bench.proving.heads()).toMatchObject({ ok: false, error: { reason: 'unreachable' } })
    expect(await bench.proving.broadcast(hex('0x01'), txHashOf(1))).toMatchObject({ class: 'congested' })
    expect(bench.asked).toEqual(['chain id'])
  })

  test('is left alone for a while, longer the longer it let us wait', async () => {
    const bench = new Bench(answer, 10_000)
    await bench.proving.heads()
    bench.after(49_000)
    await bench.proving.heads()
    expect(bench.asked).toEqual(['chain id'])
    bench.after(2_000)
    await bench.proving.heads()
    expect(bench.asked).toEqual(['chain id', 'chain id'])
  })
})

test('one that comes back is found a second later', async () => {
  const bench = new Bench(DOWN)
  await bench.proving.heads()
  bench.after(1_001)
  bench.answer = { ok: true, value: REFERENCE }
  expect(await bench.proving.heads()).toMatchObject({ error: { reason: 'timeout' } })
  expect(bench.asked).toEqual(['chain id', 'chain id', 'heads'])
})

class Bench {
  readonly asked: string[] = []
  answer: NodeResult<number>
  readonly proving: ProvingNode
  #now: UnixMs = START

  /** `takesMs`: until its chain id is told. */
  constructor(answer: NodeResult<number>, takesMs = 0) {
    this.answer = answer
    const note = <T>(what: string, value: T) => {
      this.asked.push(what)
      return Promise.resolve(value)
    }
    const silent = { ok: false, error: { reason: 'timeout' } } as const
    const node: ChainNode = {
      name: 'it',
      operator: 'us',
      heads: () => note('heads', silent),
      blockByHash: () => note('block', { ok: true, value: null }),
      blockByNumber: () => note('block', { ok: true, value: null }),
      receipts: () => note('receipts', silent),
      batchLogs: () => note('logs', silent),
      nonceAfter: () => note('nonce', silent),
      signerAccount: () => note('account', silent),
      fees: () => note('fees', silent),
      chainReference: () => {
        this.after(takesMs)
        return note('chain id', this.answer)
      },
      broadcast: () => note('bytes', { class: 'accepted', endpoint: 'it', detail: null }),
    }
    this.proving = new ProvingNode(node, CHAIN, () => this.#now)
  }

  after(ms: number): void {
    this.#now = addMs(this.#now, ms)
  }
}
