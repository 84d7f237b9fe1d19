// Guarantee: after any history of blocks, reorgs, nodes that lag and finality, what is followed is what the chain is.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { factsOf } from '../../../src/shared/chain/facts.ts'
import { ChainFollower, POLICY } from '../../support/chain-follower.ts'
import { addressOf, SIGNER } from '../../support/domain-values.ts'
import { type MinedTransaction, NaiveChain } from '../../support/naive-chain.ts'
import { holds } from '../../support/property.ts'
import { hashOf } from '../../support/signer-bench.ts'

const ACCOUNTS = [SIGNER, addressOf(0xc), addressOf(0xd)] as const

const event = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('mine' as const), senders: fc.nat(7) }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('reorg' as const), depth: fc.nat(8), grown: fc.nat(6) }),
  },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('look' as const), behind: fc.nat(20) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('finalize' as const), depth: fc.nat(12) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('settle' as const), account: fc.nat(2) }) },
)

test('the followed blocks, transactions and finality are those of the chain', () => {
  holds(
    fc.property(fc.array(event, { maxLength: 60, size: 'max' }), (events) => {
      const world = new World()
      for (const one of events) world.happens(one)
      // A branch that is undone shows itself by another block, not by its absence.
      world.happens({ do: 'mine', senders: 0 })
      world.happens({ do: 'look', behind: 0 })
      world.expectTruth()
    }),
    300,
  )
})

type Event = typeof event extends fc.Arbitrary<infer Value> ? Value : never

class World {
  readonly #chain = new NaiveChain()
  readonly #follower = new ChainFollower(this.#chain)
  /** Of each account: the next nonce, and below which it has settled all. */
  readonly #settled = new Map(ACCOUNTS.map((account) => [account, 0]))

  constructor() {
    for (const account of ACCOUNTS) this.#follower.watch(account)
    this.#follower.look()
  }

  happens(one: Event): void {
    switch (one.do) {
      case 'mine':
        this.#chain.mine(this.#transactions(one.senders))
        break
      case 'reorg':
        this.#reorg(one.depth, one.grown)
        break
      case 'look':
        this.#look(one.behind)
        break
      case 'finalize':
        this.#finalize(one.depth)
        break
      case 'settle':
        this.#settle(one.account)
    }
  }

  expectTruth(): void {
    const { state, tip } = this.#follower
    expect(tip).toMatchObject(this.#chain.refAt(this.#chain.head.number))
    for (const block of state.blocks) expect(this.#chain.refAt(block.number).hash).toBe(block.hash)
    for (const account of ACCOUNTS) {
      const open = this.#chain
        .inclusionsOf(account, 1)
        .filter(({ nonce }) => nonce >= (this.#settled.get(account) ?? 0))
      expect(factsOf(state, account, 1).inclusions).toEqual(open)
    }
  }

  /** One of each account whose bit is set. */
  #transactions(senders: number): readonly MinedTransaction[] {
    return ACCOUNTS.filter((_, index) => (senders >> index) % 2 === 1).map((from) => {
      const nonce = this.#chain.inclusionsOf(from).length
      return { from, nonce, hash: hashOf(nonce), to: null, value: 0n, gas_used: 1n, effective_gas_price: 1n }
    })
  }

  /** Never at or below what was called final: that would be a breach. */
  #reorg(depth: number, grown: number): void {
    const lowest = Math.max(0, this.#follower.state.finalized?.number ?? 0)
    const undone = Math.min(depth, this.#chain.head.number - lowest)
    this.#chain.undo(undone)
    for (let mined = 0; mined < grown; mined++) this.#chain.mine(this.#transactions(mined % 8))
  }

  /** A node that is behind has some older block of the branch as its head, however old. */
  #look(behind: number): void {
    const number = Math.max(0, this.#chain.head.number - behind)
    expect(this.#follower.look(this.#chain.blockAt(number))).not.toBe('lost')
  }

  #finalize(depth: number): void {
    const number = this.#chain.head.number - depth
    const tagged = number < 0 ? null : this.#chain.refAt(number)
    const block = this.#follower.finalize(tagged)
    if (block === null) return
    const tip = this.#follower.tip
    expect(block.number).toBeLessThanOrEqual((tip?.number ?? 0) - Math.min(POLICY.min_depth, POLICY.depth))
  }

  /** What is final and told. */
  #settle(index: number): void {
    const account = ACCOUNTS[index] ?? SIGNER
    const finalized = this.#follower.state.finalized?.number ?? -1
    const told = factsOf(this.#follower.state, account, 1).inclusions
    const done = told.filter(({ receipt }) => receipt.block_number <= finalized).map(({ nonce }) => nonce + 1)
    const below = Math.max(this.#settled.get(account) ?? 0, ...done)
    this.#settled.set(account, below)
    this.#follower.commit([{ kind: 'settled', address: account, below }])
  }
}
