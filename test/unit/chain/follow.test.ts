// Guarantee (C1 to C5): the followed chain is the one that the parent hashes say, whatever a node calls its head; a block
// is called final only where it fits what was walked, and never the other way round.

import { describe, expect, test } from 'vitest'
import type { Block } from '../../../src/shared/chain/block.ts'
import {
  fence,
  finalBlock,
  isBehind,
  isBelowFinality,
  linkOf,
  restartHeight,
  start,
  targetOf,
  WALK_MAX_BLOCKS,
  watchAgain,
} from '../../../src/shared/chain/follow.ts'
import { NO_CHAIN } from '../../../src/shared/chain/state.ts'
import { ChainFollower, POLICY } from '../../support/chain-follower.ts'
import { blockHashOf, SIGNER, TENANT } from '../../support/domain-values.ts'
import { NaiveChain } from '../../support/naive-chain.ts'

/** Blocks 0 to `height`, followed from block 0 to the head. */
function followed(height: number): { readonly chain: NaiveChain; readonly follower: ChainFollower } {
  const chain = new NaiveChain()
  const follower = new ChainFollower(chain)
  follower.look()
  grow(chain, height)
  follower.look()
  return { chain, follower }
}

function grow(chain: NaiveChain, count: number): void {
  for (let mined = 0; mined < count; mined++) chain.mine([])
}

function fork(chain: NaiveChain, depth: number, height: number): void {
  chain.undo(depth)
  grow(chain, height)
}

describe('a look', () => {
  test('at a chain that is not followed yet begins at the head', () => {
    const follower = new ChainFollower(new NaiveChain())
    expect(targetOf(NO_CHAIN, { number: 9, hash: blockHashOf(9) })).toEqual({ walk: 'start' })
    expect(follower.look()).toBe('start')
    expect(follower.tip?.number).toBe(0)
  })

  test('at the block that is known is no news', () => {
    const { chain, follower } = followed(3)
    expect(follower.look(chain.head)).toBe('none')
  })

  test('at a node that is behind is no news: absence proves nothing', () => {
    const { chain, follower } = followed(5)
    for (const number of [4, 2, 0]) expect(follower.look(chain.blockAt(number))).toBe('none')
    expect(follower.tip).toMatchObject(chain.refAt(5))
  })

  test('walks a gap of any length that one look can take', () => {
    const { chain, follower } = followed(1)
    grow(chain, 40)
    expect(follower.look()).toBe('advanced')
    expect(follower.state.blocks).toHaveLength(42)
  })

  test('takes a longer gap from its oldest part on', () => {
    const { chain, follower } = followed(0)
    grow(chain, 2 * WALK_MAX_BLOCKS + 1)
    const tips = [1, 2, 3].map(() => {
      follower.look()
      return follower.tip?.number
    })
    expect(tips).toEqual([WALK_MAX_BLOCKS, 2 * WALK_MAX_BLOCKS, 2 * WALK_MAX_BLOCKS + 1])
    expect(follower.look()).toBe('none')
  })
})

describe('a piece of a long way', () => {
  test('is as long as it may be, from where we are', () => {
    const { chain, follower } = followed(4)
    grow(chain, 30)
    expect(targetOf(follower.state, chain.head, 7)).toEqual({ walk: 'back', at: 11 })
    expect(targetOf(follower.state, chain.head, 30)).toEqual({ walk: 'back', at: null })
  })

  test('becomes final from its oldest part on, down to one block at once', () => {
    const { chain, follower } = followed(20)
    const policy = { tag: true, min_depth: 1, depth: 8 }
    const tagged = chain.refAt(15)
    expect(finalBlock(follower.state, tagged, policy, 4)).toEqual(chain.refAt(4))
    expect(finalBlock(follower.state, tagged, policy, 1)).toEqual(chain.refAt(1))
    expect(finalBlock(follower.state, null, policy, 100)).toEqual(chain.refAt(12))
  })
})

describe('a reorg', () => {
  test.each([1, 2, 3, 4, 5])(
    'of depth %d is undone down to the common block, and walked up again',
    (depth) => {
      for (const height of [depth, depth + 1, depth + 3]) {
        const { chain, follower } = followed(6)
        fork(chain, depth, height)
        expect(follower.look()).toBe('advanced')
        const record = follower.records.at(-1)
        if (record?.kind !== 'advanced') throw new Error('it advanced')
        expect(record.removed.map(({ number }) => number)).toEqual(
          Array.from({ length: depth }, (_, index) => 6 - index),
        )
        expect(record.added).toHaveLength(height)
        expect(follower.tip).toMatchObject(chain.refAt(6 - depth + height))
      }
    },
  )

  test('into a branch that is shorter yet is followed all the same: the head goes backwards', () => {
    const { chain, follower } = followed(6)
    fork(chain, 4, 1)
    expect(follower.look()).toBe('advanced')
    expect(follower.tip).toMatchObject(chain.refAt(3))
  })

  test('and back again ends where it began', () => {
    const { chain, follower } = followed(4)
    const first: Block = chain.head
    fork(chain, 2, 3)
    follower.look()
    expect(follower.look(first)).toBe('advanced')
    expect(follower.tip).toMatchObject({ number: 4, hash: first.hash })
  })

  test('at the block above the final one is one; at the final one it is a breach', () => {
    for (const [depth, seen] of [
      [3, 'advanced'],
      [4, 'lost'],
      [5, 'lost'],
    ] as const) {
      const { chain, follower } = followed(6)
      follower.finalize(chain.refAt(3))
      fork(chain, depth, depth)
      expect(follower.look(), `depth ${depth}`).toBe(seen)
      expect(isBelowFinality(follower.state)).toBe(true)
    }
  })

  test('below the beginning, before anything was final, is no breach', () => {
    const chain = new NaiveChain()
    grow(chain, 5)
    const follower = new ChainFollower(chain)
    follower.look()
    fork(chain, 1, 2)
    expect(follower.look()).toBe('lost')
    expect(isBelowFinality(follower.state)).toBe(false)
  })
})

describe('a block hangs', () => {
  test('on ours, further back, or nowhere', () => {
    const { chain, follower } = followed(4)
    follower.finalize(chain.refAt(2))
    const stranger = (number: number, parent = blockHashOf(999)): Block => ({
      ...chain.blockAt(4),
      number,
      hash: blockHashOf(1_000 + number),
      parent_hash: parent,
    })
    expect(linkOf(follower.state, stranger(5, chain.blockAt(4).hash))).toBe('linked')
    expect(linkOf(follower.state, stranger(3, chain.blockAt(2).hash))).toBe('linked')
    expect([9, 5, 4, 3].map((number) => linkOf(follower.state, stranger(number)))).toEqual(
      Array(4).fill('further'),
    )
    expect(linkOf(follower.state, stranger(2))).toBe('lost')
  })
})

test('a fork of the block where following began is lost, though it hangs on the final one: that one is not kept', () => {
  const { chain, follower } = followed(4)
  follower.finalize(chain.refAt(4))
  grow(chain, 1)
  follower.commit(start(chain.head))
  fork(chain, 1, 2)
  expect(follower.look()).toBe('lost')
  expect(isBelowFinality(follower.state)).toBe(false)
})

test('a node is behind when its head lies below what is final', () => {
  const { chain } = followed(4)
  expect([1, 2, 3].map((number) => isBehind(chain.refAt(2), chain.refAt(number)))).toEqual([
    true,
    false,
    false,
  ])
  expect(isBehind(null, chain.refAt(0))).toBe(false)
})

test('a chain that does not know of an account with transactions under way walks over all that it keeps once more', () => {
  const { follower } = followed(4)
  const [oldest] = follower.state.blocks
  const signer = { address: SIGNER, tenant: TENANT }
  expect(watchAgain(follower.state, signer)).toEqual([
    { kind: 'started', block: oldest },
    { kind: 'watched', ...signer },
  ])
  follower.commit(watchAgain(follower.state, signer))
  expect(watchAgain(follower.state, signer)).toEqual([])
  expect(watchAgain(NO_CHAIN, signer)).toEqual([])
})

describe('a fence', () => {
  test('says where, and is put up once', () => {
    const { chain, follower } = followed(4)
    follower.finalize(chain.refAt(2))
    const head = { number: 2, hash: blockHashOf(999) }
    const records = follower.commit(fence(follower.state, { ...head }))
    expect(records).toEqual([{ kind: 'fenced', reason: 'reorg_below_finality', at: head }])
    expect(fence(follower.state, head)).toEqual([])
  })

  test('calls a chain that is shorter than what was final another chain', () => {
    const { chain, follower } = followed(4)
    follower.finalize(chain.refAt(2))
    const head = { number: 1, hash: blockHashOf(999) }
    expect(fence(follower.state, head)).toEqual([{ kind: 'fenced', reason: 'reset', at: head }])
  })
})

describe('the final block', () => {
  const tagged = (follower: ChainFollower, number: number, hash?: number) => {
    const block = follower.state.blocks.find((known) => known.number === number)
    return { number, hash: hash === undefined && block !== undefined ? block.hash : blockHashOf(hash ?? 0) }
  }

  test.each([
    ['deep enough', 8, 8],
    ['as deep as it must at least be', 10 - POLICY.min_depth, 10 - POLICY.min_depth],
    ['not deep enough', 11 - POLICY.min_depth, null],
    ['the head itself', 10, null],
    ['ahead of the head', 12, null],
  ])('by a tag that is %s', (_, number, expected) => {
    const { follower } = followed(10)
    expect(finalBlock(follower.state, tagged(follower, number), POLICY)?.number ?? null).toBe(expected)
  })

  test('is never one that was not walked over: another hash at that height says nothing', () => {
    const { follower } = followed(10)
    expect(finalBlock(follower.state, tagged(follower, 5, 999), POLICY)).toBeNull()
  })

  test('never goes back, and is told once', () => {
    const { chain, follower } = followed(10)
    expect(follower.finalize(chain.refAt(6))).toEqual(chain.refAt(6))
    for (const number of [6, 5, 0]) expect(follower.finalize(chain.refAt(number))).toBeNull()
    expect(follower.finalize(chain.refAt(7))).toEqual(chain.refAt(7))
    expect(follower.state.blocks.map(({ number }) => number)).toEqual([7, 8, 9, 10])
  })

  test('is by depth where there is no tag, or none is wanted', () => {
    const { chain, follower } = followed(10)
    const byDepth = chain.refAt(10 - POLICY.depth)
    expect(finalBlock(follower.state, null, POLICY)).toEqual(byDepth)
    expect(finalBlock(follower.state, chain.refAt(8), { ...POLICY, tag: false })).toEqual(byDepth)
    expect(finalBlock(follower.state, null, { ...POLICY, depth: 11 })).toBeNull()
  })

  test('is none where nothing is followed', () => {
    expect(finalBlock(NO_CHAIN, { number: 0, hash: blockHashOf(0) }, POLICY)).toBeNull()
  })
})

describe('following begins anew', () => {
  test('at the block that the node calls final, else as deep as finality is, never below the first block', () => {
    const head = { number: 100, hash: blockHashOf(100) }
    const tag = { number: 90, hash: blockHashOf(90) }
    expect(restartHeight(NO_CHAIN, head, tag, POLICY)).toBe(90)
    expect(restartHeight(NO_CHAIN, head, null, POLICY)).toBe(100 - POLICY.depth)
    expect(restartHeight(NO_CHAIN, head, tag, { ...POLICY, tag: false })).toBe(100 - POLICY.depth)
    expect(restartHeight(NO_CHAIN, head, { ...tag, number: 101 }, POLICY)).toBe(100 - POLICY.depth)
    expect(restartHeight(NO_CHAIN, { ...head, number: 2 }, null, POLICY)).toBe(0)
  })

  test('below the old beginning, however far the chain has come since: ours may stand in between', () => {
    const { follower } = followed(10)
    const [oldest] = follower.state.blocks
    const head = { number: 100, hash: blockHashOf(999) }
    const tag = { number: 90, hash: blockHashOf(90) }
    const below = Math.max(0, (oldest?.number ?? 0) - POLICY.depth)
    expect(restartHeight(follower.state, head, tag, POLICY)).toBe(below)
  })
})
