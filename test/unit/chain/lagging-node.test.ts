// Guarantee (C3, C5): a node that is behind is a node that is behind, however far. Only another block at a height that we
// keep is a fork, and only one at or below finality is a breach.

import { describe, expect, test } from 'vitest'
import { restartHeight, targetOf } from '../../../src/shared/chain/follow.ts'
import { ChainFollower, POLICY } from '../../support/chain-follower.ts'
import { blockHashOf } from '../../support/domain-values.ts'
import { NaiveChain } from '../../support/naive-chain.ts'

function grown(height: number): NaiveChain {
  const chain = new NaiveChain()
  while (chain.head.number < height) chain.mine([])
  return chain
}

describe('a node whose head lies below all that we keep', () => {
  test('is behind: below the final block', () => {
    const chain = grown(0)
    const follower = new ChainFollower(chain)
    follower.look()
    while (chain.head.number < 10) chain.mine([])
    follower.look()
    follower.finalize(chain.refAt(5))
    for (const number of [4, 3, 0]) {
      expect(targetOf(follower.state, chain.refAt(number))).toEqual({ walk: 'none' })
      expect(follower.look(chain.blockAt(number))).toBe('none')
    }
    expect(follower.tip).toMatchObject(chain.refAt(10))
  })

  test('is behind: one block below where following began', () => {
    const chain = grown(10)
    const follower = new ChainFollower(chain)
    follower.look()
    expect(follower.look(chain.blockAt(9))).toBe('none')
  })

  test('is behind: just above a final block of long ago, from before following began anew', () => {
    const chain = grown(0)
    const follower = new ChainFollower(chain)
    follower.look()
    while (chain.head.number < 100) chain.mine([])
    follower.look()
    follower.finalize(chain.refAt(50))
    while (chain.head.number < 1_000) chain.mine([])
    follower.commit([{ kind: 'started', block: chain.head }])
    expect(follower.look(chain.blockAt(51))).toBe('none')
    expect(follower.tip).toMatchObject(chain.refAt(1_000))
  })
})

test('following never begins anew below what was final', () => {
  const chain = grown(0)
  const follower = new ChainFollower(chain)
  follower.look()
  while (chain.head.number < 20) chain.mine([])
  follower.look()
  follower.finalize(chain.refAt(17))
  const head = { number: 21, hash: blockHashOf(999) }
  expect(restartHeight(follower.state, head, null, POLICY)).toBe(17)
})
