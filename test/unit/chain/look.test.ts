// Guarantee (C1, C10, C21): a way of some length is asked for side by side, and what is on it parents' hashes say; the block of a
// height is of that height, whatever hash an endpoint names for it.

import { describe, expect, test } from 'vitest'
import { blockAtHeight, look } from '../../../src/durable-objects/chain/look.ts'
import type { Block } from '../../../src/shared/chain/block.ts'
import type { BlockHash } from '../../../src/shared/chain/hash.ts'
import { NO_CHAIN } from '../../../src/shared/chain/state.ts'
import type { ChainNode } from '../../../src/shared/ports/chain-node.ts'
import { blockHashOf, START } from '../../support/domain-values.ts'

const block = (number: number): Block => ({
  number,
  hash: blockHashOf(number),
  parent_hash: blockHashOf(number - 1),
  at: START,
  base_fee_per_gas: null,
  transactions: [],
})
/** Of a branch that was given up. */
const stray = blockHashOf(0xbad)

/** Ours ends at the first of its blocks; theirs at `head`. */
class Node implements ChainNode {
  readonly name = 'a'
  readonly operator = 'a'
  readonly #head: number
  readonly #named: ReadonlyMap<number, BlockHash>
  #underWay = 0
  most = 0
  asked = 0

  /** `named`: what it names for a height in place of its own block. */
  constructor(head: number, named: ReadonlyMap<number, BlockHash> = new Map()) {
    this.#head = head
    this.#named = named
  }

  async heads() {
    return { ok: true as const, value: { head: block(this.#head), finalized: null } }
  }

  async blockByHash(hash: BlockHash) {
    const number = Array.from({ length: this.#head + 1 }, (_, at) => at).find(
      (at) => blockHashOf(at) === hash,
    )
    return this.#answer(number === undefined ? null : block(number))
  }

  async blockByNumber(at: number | 'finalized') {
    const number = Number(at)
    return this.#answer({ number, hash: this.#named.get(number) ?? blockHashOf(number) })
  }

  async #answer<T>(value: T) {
    this.asked += 1
    this.#underWay += 1
    this.most = Math.max(this.most, this.#underWay)
    await new Promise<void>((resolve) => setImmediate(resolve))
    this.#underWay -= 1
    return { ok: true as const, value }
  }

  receipts = nobody
  batchLogs = nobody
  nonceAfter = nobody
  signerAccount = nobody
  fees = nobody
  chainReference = nobody
  broadcast = nobody
}

function nobody(): Promise<never> {
  return Promise.reject(new Error('nobody asks'))
}

async function wayTo(node: Node) {
  const state = { ...NO_CHAIN, blocks: [block(10)] }
  const seen = await look(node, state, () => ({ watched: new Map(), isBrought: false }), 500)
  return seen.saw === 'path' ? seen.path.map(({ number }) => number) : seen
}

const upTo = (head: number) => Array.from({ length: head - 10 }, (_, index) => 11 + index)

describe('the way from our tip to a head', () => {
  test('is asked for side by side where it is long, and never by more than eight at once', async () => {
    const node = new Node(60)
    expect(await wayTo(node)).toEqual(upTo(60))
    expect(node.most).toBe(8)
  })

  test('is gone by parent hashes where it is short, for half as many requests', async () => {
    const node = new Node(14)
    expect(await wayTo(node)).toEqual(upTo(14))
    expect([node.most, node.asked]).toEqual([1, 3])
  })

  test('is what parents’ hashes say, where the endpoint names other blocks for some heights', async () => {
    const node = new Node(
      30,
      new Map([
        [20, stray],
        [25, blockHashOf(24)],
      ]),
    )
    expect(await wayTo(node)).toEqual(upTo(30))
  })
})

describe('the block of a height', () => {
  test('is taken where it is the one that was asked for', async () => {
    expect(await blockAtHeight(new Node(20), 13)).toEqual({ ok: true, value: block(13) })
  })

  test('of another height is an answer that is none', async () => {
    const node = new Node(20, new Map([[13, blockHashOf(12)]]))
    expect(await blockAtHeight(node, 13)).toMatchObject({ ok: false, error: { reason: 'malformed' } })
  })
})
