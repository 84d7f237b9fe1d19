// Guarantee: first bytes go to the best endpoint and to one more, and to the others until one has them, in nonce order; bytes
// that were handed out before go to all of them, because the one that took them may keep them to itself; one that hangs costs
// its time once, and as the second one none.

import { expect, test } from 'vitest'
import { broadcastAttempts } from '../../../src/shared/adapters/broadcast.ts'
import type { BroadcastClass } from '../../../src/shared/broadcast/outcome.ts'
import type { ChainNode } from '../../../src/shared/ports/chain-node.ts'
import type { SignedAttempt } from '../../../src/shared/signer/state/attempt.ts'
import { txHashOf } from '../../support/domain-values.ts'
import { hex } from './chain-values.ts'

test('the first that has them is the last that is asked', async () => {
  const { nodes, handed } = endpoints('congested', 'known', 'accepted')
  expect(await broadcastAttempts(async () => nodes, [attempt(1)])).toMatchObject([
    { class: 'known', endpoint: 'b' },
  ])
  expect(handed).toEqual(['a 1', 'b 1'])
})

test('a later refusal takes back nothing of what may have left', async () => {
  const { nodes } = endpoints('invalid', 'unclear', 'underpriced')
  expect(await broadcastAttempts(async () => nodes, [attempt(1)])).toMatchObject([
    { class: 'unclear', endpoint: 'b' },
  ])
})

test('what was handed out before goes to everybody', async () => {
  const { nodes, handed } = endpoints('accepted', 'congested', 'known')
  const outcomes = await broadcastAttempts(async () => nodes, [attempt(1, true), attempt(2)])
  expect(outcomes).toMatchObject([
    { class: 'accepted', endpoint: 'a' },
    { class: 'accepted', endpoint: 'a' },
  ])
  expect(handed).toEqual(['a 1', 'b 1', 'c 1', 'a 2', 'b 2'])
})

test('one without a clear answer comes last from then on, and is not left out when it is alone', async () => {
  const { nodes, handed } = endpoints('unclear', 'accepted')
  await broadcastAttempts(async () => nodes, [attempt(1), attempt(2), attempt(3, true)])
  expect(handed).toEqual(['a 1', 'b 1', 'b 2', 'b 3'])
  const alone = endpoints('unclear')
  await broadcastAttempts(async () => alone.nodes, [attempt(1), attempt(2, true)])
  expect(alone.handed).toEqual(['a 1', 'a 2'])
})

test('the copy goes to another operator, and once where there is nobody else', async () => {
  const { nodes, handed } = endpoints('accepted', 'accepted', 'accepted')
  const [a, b, c] = nodes
  if (a === undefined || b === undefined || c === undefined) throw new Error('three')
  await broadcastAttempts(async () => [a, { ...b, operator: 'a' }, c], [attempt(1)])
  expect(handed).toEqual(['a 1', 'c 1'])
  const alone = endpoints('accepted')
  await broadcastAttempts(async () => alone.nodes, [attempt(1), attempt(2)])
  expect(alone.handed).toEqual(['a 1', 'a 2'])
})

test('a second one that does not keep pace keeps nobody waiting, and gets no gap', async () => {
  const { nodes, handed } = endpoints('accepted', 'accepted')
  const [a, b] = nodes
  if (a === undefined || b === undefined) throw new Error('two')
  const never = new Promise<never>(() => {})
  const hanging: ChainNode = { ...b, broadcast: (...bytes) => b.broadcast(...bytes).then(() => never) }
  const outcomes = await broadcastAttempts(
    async () => [a, hanging],
    [1, 2, 3].map((nonce) => attempt(nonce)),
    () => ({
      done: Promise.resolve(),
      cancel: () => {},
    }),
  )
  expect(outcomes.map(({ class: told }) => told)).toEqual(['accepted', 'accepted', 'accepted'])
  expect(handed).toEqual(['a 1', 'b 1', 'a 2', 'a 3'])
})

test('bytes that only the second one took are taken', async () => {
  const { nodes, handed } = endpoints('underpriced', 'accepted', 'accepted')
  expect(await broadcastAttempts(async () => nodes, [attempt(1)])).toMatchObject([
    { class: 'accepted', endpoint: 'b' },
  ])
  expect(handed).toEqual(['a 1', 'b 1'])
})

test('without endpoints nothing is said', async () => {
  expect(await broadcastAttempts(async () => [], [attempt(1)])).toEqual([])
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
