// Guarantee: bytes go to one endpoint after another until one has them, in nonce order; bytes that were handed out before
// go to all of them, because the one that took them may keep them to itself; one that hangs costs its time once.

import { expect, test } from 'vitest'
import { broadcastAttempts } from '../../../src/shared/adapters/broadcast.ts'
import type { BroadcastClass } from '../../../src/shared/broadcast/outcome.ts'
import type { ChainNode } from '../../../src/shared/ports/chain-node.ts'
import type { SignedAttempt } from '../../../src/shared/signer/attempt.ts'
import { txHashOf } from '../../support/domain-values.ts'
import { hex } from './chain-values.ts'

test('the first that has them is the last that is asked', async () => {
  const { nodes, handed } = endpoints('congested', 'known', 'accepted')
  expect(await broadcastAttempts(nodes, [attempt(1)])).toMatchObject([{ class: 'known', endpoint: 'b' }])
  expect(handed).toEqual(['a 1', 'b 1'])
})

test('a later refusal takes back nothing of what may have left', async () => {
  const { nodes } = endpoints('invalid', 'unclear', 'underpriced')
  expect(await broadcastAttempts(nodes, [attempt(1)])).toMatchObject([{ class: 'unclear', endpoint: 'b' }])
})

test('what was handed out before goes to everybody', async () => {
  const { nodes, handed } = endpoints('accepted', 'congested', 'known')
  const outcomes = await broadcastAttempts(nodes, [attempt(1, true), attempt(2)])
  expect(outcomes).toMatchObject([
    { class: 'accepted', endpoint: 'a' },
    { class: 'accepted', endpoint: 'a' },
  ])
  expect(handed).toEqual(['a 1', 'b 1', 'c 1', 'a 2'])
})

test('one without a clear answer comes last from then on, and is not left out when it is alone', async () => {
  const { nodes, handed } = endpoints('unclear', 'accepted')
  await broadcastAttempts(nodes, [attempt(1), attempt(2), attempt(3, true)])
  expect(handed).toEqual(['a 1', 'b 1', 'b 2', 'b 3'])
  const alone = endpoints('unclear')
  await broadcastAttempts(alone.nodes, [attempt(1), attempt(2, true)])
  expect(alone.handed).toEqual(['a 1', 'a 2'])
})

test('without endpoints nothing is said', async () => {
  expect(await broadcastAttempts([], [attempt(1)])).toEqual([])
})

function attempt(nonce: number, isRepeat = false): SignedAttempt {
  return { nonce, hash: txHashOf(nonce), raw: hex(`0x0${nonce}`), isRepeat }
}

/** Endpoints a, b, c ... that each always say the same; `handed` is who got which nonce, in order. */
function endpoints(...classes: readonly BroadcastClass[]) {
  const handed: string[] = []
  const silent = async () => ({ ok: false, error: { reason: 'timeout' } }) as const
  const nodes = classes.map((told, index): ChainNode => {
    const name = String.fromCharCode('a'.charCodeAt(0) + index)
    return {
      name,
      operator: name,
      heads: silent,
      blockByHash: silent,
      blockByNumber: silent,
      receipts: silent,
      batchLogs: silent,
      nonceAfter: silent,
      signerAccount: silent,
      fees: silent,
      chainReference: silent,
      broadcast: async (raw) => {
        handed.push(`${name} ${Number(raw)}`)
        return { class: told, endpoint: name, detail: null }
      },
    }
  })
  return { nodes, handed }
}
