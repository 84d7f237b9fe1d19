// Guarantee (C2, C6): the picture of the chain is what its log says, without a hole; facts for an account are all of its
// transactions in the followed chain that it has not settled, whatever came and went.

import { describe, expect, test } from 'vitest'
import { evolve } from '../../../src/shared/chain/evolve.ts'
import { concerned, confirmationsOf, factsOf } from '../../../src/shared/chain/facts.ts'
import { advance, start } from '../../../src/shared/chain/follow.ts'
import { CHAIN_RECORD_KINDS } from '../../../src/shared/chain/records.ts'
import { blockAt, NO_CHAIN } from '../../../src/shared/chain/state.ts'
import { InvariantError } from '../../../src/shared/lib/assert.ts'
import { ChainFollower } from '../../support/chain-follower.ts'
import { addressOf, blockHashOf, CHAIN, SIGNER, TENANT } from '../../support/domain-values.ts'
import { type MinedTransaction, NaiveChain } from '../../support/naive-chain.ts'
import { hashOf } from '../../support/signer-bench.ts'
import { specTable } from '../../support/spec-table.ts'

const OTHER = addressOf(0xc)

function sent(nonce: number, from = SIGNER): MinedTransaction {
  return {
    from,
    nonce,
    hash: hashOf(nonce),
    to: OTHER,
    value: 1n,
    gas_used: 21_000n,
    effective_gas_price: 1n,
  }
}

/** Block 0 followed, for our account. */
function watched(): { readonly chain: NaiveChain; readonly follower: ChainFollower } {
  const chain = new NaiveChain()
  const follower = new ChainFollower(chain).watch(SIGNER)
  follower.look()
  return { chain, follower }
}

const noncesOf = (follower: ChainFollower, address = SIGNER) =>
  factsOf(follower.state, address, 1).inclusions.map(({ nonce }) => nonce)

describe('facts', () => {
  test('are our transactions in the blocks that were walked, with where and what', () => {
    const { chain, follower } = watched()
    chain.mine([sent(5), sent(6, OTHER)])
    chain.mine([sent(6)])
    follower.look()
    expect(factsOf(follower.state, SIGNER, 7)).toEqual({
      view: 7,
      head: 2,
      inclusions: chain.inclusionsOf(SIGNER),
      finalized: -1,
    })
    expect(noncesOf(follower, OTHER)).toEqual([])
    follower.finalize(chain.refAt(0))
    expect(factsOf(follower.state, SIGNER, 8).finalized).toBe(0)
  })

  test('lose what a reorg undid, and have what the new branch holds', () => {
    const { chain, follower } = watched()
    chain.mine([sent(5)])
    chain.mine([sent(6)])
    follower.look()
    chain.undo(2)
    chain.mine([])
    chain.mine([sent(5)])
    chain.mine([])
    follower.look()
    expect(factsOf(follower.state, SIGNER, 1).inclusions).toEqual(chain.inclusionsOf(SIGNER))
    expect(noncesOf(follower)).toEqual([5])
  })

  test('are kept when their block is final and no longer kept itself, until they are settled', () => {
    const { chain, follower } = watched()
    chain.mine([sent(5)])
    chain.mine([sent(6)])
    for (let mined = 0; mined < 5; mined++) chain.mine([])
    follower.look()
    follower.finalize(chain.refAt(4))
    expect(noncesOf(follower)).toEqual([5, 6])
    follower.commit([{ kind: 'settled', address: SIGNER, below: 6 }])
    expect(noncesOf(follower)).toEqual([6])
    follower.commit([{ kind: 'settled', address: SIGNER, below: 7 }])
    expect(noncesOf(follower)).toEqual([])
  })

  test('are nothing of an account that is not watched any more', () => {
    const { chain, follower } = watched()
    chain.mine([sent(5)])
    follower.look()
    follower.commit([{ kind: 'unwatched', address: SIGNER }])
    expect(noncesOf(follower)).toEqual([])
    chain.mine([sent(6)])
    follower.look()
    expect(noncesOf(follower)).toEqual([])
  })

  test('of a chain that is not followed are none', () => {
    expect(factsOf(NO_CHAIN, SIGNER, 0)).toEqual({ view: 0, head: 0, inclusions: [], finalized: -1 })
  })
})

describe('those whom a turn concerns', () => {
  const turn = (follower: ChainFollower, act: () => void) => {
    const { state, records } = follower
    const from = records.length
    act()
    return concerned(state, follower.state, records.slice(from))
  }

  test('are told of their transactions, of their undoing and of their finality, and of nothing else', () => {
    const { chain, follower } = watched()
    follower.watch(OTHER)
    chain.mine([])
    expect(turn(follower, () => follower.look())).toEqual([])
    chain.mine([sent(5)])
    expect(turn(follower, () => follower.look())).toEqual([SIGNER])
    for (let mined = 0; mined < 4; mined++) chain.mine([])
    expect(turn(follower, () => follower.look())).toEqual([])
    expect(turn(follower, () => follower.finalize(chain.refAt(1)))).toEqual([])
    expect(turn(follower, () => follower.finalize(chain.refAt(2)))).toEqual([SIGNER])
    chain.undo(2)
    chain.mine([sent(9, OTHER)])
    expect(turn(follower, () => follower.look())).toContain(OTHER)
  })
})

describe('confirmations', () => {
  test('count the block itself, and only in the followed chain', () => {
    const { chain, follower } = watched()
    for (let mined = 0; mined < 6; mined++) chain.mine([])
    follower.look()
    expect([6, 5, 1].map((number) => confirmationsOf(follower.state, chain.refAt(number)))).toEqual([1, 2, 6])
    expect(confirmationsOf(follower.state, { number: 5, hash: blockHashOf(999) })).toBeNull()
    expect(confirmationsOf(follower.state, { number: 7, hash: blockHashOf(999) })).toBeNull()
    follower.finalize(chain.refAt(3))
    expect(confirmationsOf(follower.state, chain.refAt(3))).toBe(4)
    expect(confirmationsOf(NO_CHAIN, chain.refAt(3))).toBeNull()
  })
})

describe('a picture that cannot be', () => {
  const followed = () => {
    const { chain, follower } = watched()
    chain.mine([])
    follower.look()
    return { chain, follower, block: chain.mine([]) }
  }

  test('is refused: a block that hangs on none of ours, or skips a height', () => {
    const { follower, block } = followed()
    for (const odd of [
      { ...block, parent_hash: blockHashOf(999) },
      { ...block, number: block.number + 1 },
    ]) {
      for (const record of advance(follower.state, [odd], [])) {
        expect(() => evolve(follower.state, record)).toThrow(InvariantError)
      }
    }
  })

  test('is refused: a reorg that leaves no common block', () => {
    const { follower, block } = followed()
    const record = { kind: 'advanced', removed: follower.state.blocks, added: [block], matches: [] } as const
    expect(() => evolve(follower.state, record)).toThrow(InvariantError)
  })

  test('is refused: a chain that is opened twice', () => {
    const { follower } = followed()
    expect(() => evolve(follower.state, { kind: 'opened', chain: CHAIN })).toThrow(InvariantError)
  })
})

test('following anew begins with one block, and nothing that was known of blocks before it', () => {
  const { chain, follower } = watched()
  chain.mine([sent(5)])
  follower.look()
  for (let mined = 0; mined < 9; mined++) chain.mine([])
  follower.commit(start(chain.head))
  expect(follower.state.blocks).toHaveLength(1)
  expect(noncesOf(follower)).toEqual([])
  expect(follower.state.watched).toEqual(new Map([[SIGNER, TENANT]]))
})

test('a block is known as far back as blocks are kept, and no further', () => {
  const { chain, follower } = watched()
  for (let mined = 0; mined < 6; mined++) chain.mine([])
  follower.look()
  follower.finalize(chain.refAt(3))
  const known = () => [2, 3, 6, 7].map((number) => blockAt(follower.state, number)?.number ?? null)
  expect(known()).toEqual([null, 3, 6, null])
  follower.commit(start(chain.head))
  expect(known()).toEqual([null, null, 6, null])
})

test('a turn without blocks is no turn', () => {
  expect(advance(watched().follower.state, [], [])).toEqual([])
})

test('SPEC.md describes every record', () => {
  expect(specTable('chain', 'Records').map(([name]) => name)).toEqual(CHAIN_RECORD_KINDS)
})
