// Guarantee (C4, C14): one endpoint alone makes nothing final, neither by its tag nor by its head nor by what it tells of a
// block; and one endpoint alone breaks nothing.

import { describe, expect, test } from 'vitest'
import { agreementOn, type Claim, isContradicted } from '../../../src/durable-objects/chain/agreement.ts'
import type { Block, BlockRef } from '../../../src/shared/chain/block.ts'
import type { BlockHash } from '../../../src/shared/chain/hash.ts'
import type { Receipt } from '../../../src/shared/chain/receipt.ts'
import { NO_CHAIN } from '../../../src/shared/chain/state.ts'
import type { ChainNode, NodeResult } from '../../../src/shared/ports/chain-node.ts'
import { blockHashOf, RECIPIENT, SIGNER, TENANT } from '../../support/domain-values.ts'
import { ourInclusion } from '../../support/inclusions.ts'

const BLOCK: BlockRef = { number: 10, hash: blockHashOf(10) }
const OTHER = blockHashOf(99)
const OURS = ourInclusion(BLOCK)

type Answers = {
  readonly operator: string
  readonly hash?: BlockHash
  readonly finalized?: number | null
  readonly head?: number
  readonly isHiding?: boolean
  readonly status?: Receipt['status']
}

function ok<T>(value: T): NodeResult<T> {
  return { ok: true, value }
}

/** A node that answers what is asked about one block. */
function node(answers: Answers): ChainNode {
  const {
    operator,
    hash = BLOCK.hash,
    finalized = 10,
    head = 20,
    isHiding = false,
    status = 'success',
  } = answers
  const never = () => Promise.reject(new Error('not asked'))
  const block: Block = {
    ...BLOCK,
    parent_hash: blockHashOf(9),
    at: OURS.at,
    base_fee_per_gas: 1n,
    transactions: isHiding
      ? []
      : [
          {
            hash: OURS.inclusion.receipt.hash,
            from: SIGNER,
            nonce: 1,
            to: RECIPIENT,
            authorizations: [],
            value: 5n,
          },
        ],
  }
  return {
    name: operator,
    operator,
    heads: never,
    blockByHash: async () => ok(block),
    blockByNumber: async (at) => {
      if (at === 'finalized') {
        return ok(finalized === null ? null : { number: finalized, hash: blockHashOf(finalized) })
      }
      return ok(at > head ? null : { number: at, hash: at === BLOCK.number ? hash : blockHashOf(at) })
    },
    receipts: async () => ok([{ ...OURS.inclusion.receipt, status }]),
    batchLogs: never,
    nonceAfter: never,
    signerAccount: never,
    fees: never,
    chainReference: never,
    broadcast: never,
  }
}

const CLAIM: Claim = {
  block: BLOCK,
  isByTag: true,
  isBrought: false,
  depth: 4,
  blocks: [BLOCK],
  state: {
    ...NO_CHAIN,
    watched: new Map([[SIGNER, TENANT]]),
    inclusions: new Map([[SIGNER, [OURS.inclusion]]]),
  },
  sources: new Map(),
}

const a = node({ operator: 'a' })

describe('final by tag', () => {
  test('where two operators call it so', async () => {
    expect(await agreementOn([a, node({ operator: 'b' })], CLAIM)).toBe('agreed')
  })

  test('not where only one does, or two endpoints of one operator', async () => {
    expect(await agreementOn([a, node({ operator: 'b', finalized: 9 })], CLAIM)).toBe('open')
    expect(await agreementOn([a, a, node({ operator: 'b', finalized: 9 })], CLAIM)).toBe('open')
  })

  test('an operator without the tag has a voice where the block lies deep enough', async () => {
    const without = (head: number) => node({ operator: 'b', finalized: null, head })
    expect(await agreementOn([a, without(14)], CLAIM)).toBe('agreed')
    expect(await agreementOn([a, without(13)], CLAIM)).toBe('open')
  })
})

test('final by depth is measured below the head of each voice', async () => {
  const claim = { ...CLAIM, isByTag: false }
  expect(await agreementOn([a, node({ operator: 'b', head: 14 })], claim)).toBe('agreed')
  expect(await agreementOn([a, node({ operator: 'b', head: 13 })], claim)).toBe('open')
})

test('another block at that height stops it', async () => {
  expect(await agreementOn([a, node({ operator: 'b', hash: OTHER })], CLAIM)).toBe('open')
})

test.each([
  ['a receipt that says otherwise', { status: 'reverted' as const }],
  ['a transaction of ours that is left out', { isHiding: true }],
])('is disputed by %s', async (_what, change) => {
  expect(await agreementOn([a, node({ operator: 'b', ...change })], CLAIM)).toBe('disputed')
})

test('whoever told us of a block is not asked about it again', async () => {
  const told = node({ operator: 'b', isHiding: true })
  const claim = { ...CLAIM, sources: new Map([[BLOCK.hash, 'b']]) }
  expect(await agreementOn([a, told], claim)).toBe('agreed')
})

test('finality is broken only where as many operators as there need be say so', async () => {
  const other = (operator: string) => node({ operator, hash: OTHER })
  expect(await isContradicted([a, other('b')], BLOCK, 4)).toBe(false)
  expect(await isContradicted([a, other('b'), other('c')], BLOCK, 4)).toBe(true)
  expect(await isContradicted([other('b')], BLOCK, 4)).toBe(true)
})

test('an endpoint that stands still on a branch that was given up breaks no finality', async () => {
  const still = (head: number) => node({ operator: 'b', hash: OTHER, head })
  const other = node({ operator: 'c', hash: OTHER })
  expect(await isContradicted([a, still(13), other], BLOCK, 4)).toBe(false)
  expect(await isContradicted([a, still(14), other], BLOCK, 4)).toBe(true)
})
