// Guarantee (C11, C12): a chain in whose place another answers is fenced, and goes on by itself once its own answers again;
// a breach of finality does neither.

import { describe, expect, test } from 'vitest'
import { evolve } from '../../../src/shared/chain/evolve.ts'
import { judgeIdentity } from '../../../src/shared/chain/follow.ts'
import { ChainFollower } from '../../support/chain-follower.ts'
import { NaiveChain } from '../../support/naive-chain.ts'

function followed(): ChainFollower {
  const chain = new NaiveChain()
  const follower = new ChainFollower(chain)
  follower.look()
  return follower
}

describe('endpoints of another chain', () => {
  test('fence it once, and the first that is of ours ends that', () => {
    const follower = followed()
    const fenced = follower.commit(judgeIdentity(follower.state, 'other'))
    expect(fenced).toMatchObject([{ kind: 'fenced', reason: 'reset' }])
    expect(judgeIdentity(follower.state, 'other')).toEqual([])
    expect(judgeIdentity(follower.state, 'unsure')).toEqual([])
    follower.commit(judgeIdentity(follower.state, 'known'))
    expect(follower.state.fence).toBeNull()
  })

  test('fence nothing where nothing was followed yet', () => {
    expect(judgeIdentity(new ChainFollower(new NaiveChain()).state, 'other')).toEqual([])
  })
})

test('a breach of finality does not lift by itself', () => {
  const follower = followed()
  follower.commit([
    { kind: 'fenced', reason: 'reorg_below_finality', at: { number: 0, hash: tip(follower) } },
  ])
  expect(judgeIdentity(follower.state, 'known')).toEqual([])
  expect(() => evolve(follower.state, { kind: 'unfenced' })).toThrow()
})

function tip(follower: ChainFollower) {
  const hash = follower.tip?.hash
  if (hash === undefined) throw new Error('nothing is followed')
  return hash
}
