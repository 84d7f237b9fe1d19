// Follows a naive chain with the real decisions, as a chain's object does with its nodes: one look at a time, at whatever
// block a node calls its head. After every look it is checked what must hold in any.

import { expect } from 'vitest'
import type { Address } from '../../src/shared/chain/address.ts'
import type { Block, BlockRef } from '../../src/shared/chain/block.ts'
import { evolve } from '../../src/shared/chain/evolve.ts'
import { advance, finalBlock, linkOf, start, targetOf } from '../../src/shared/chain/follow.ts'
import type { FinalityPolicy } from '../../src/shared/chain/policy.ts'
import type { ChainRecord, Match } from '../../src/shared/chain/records.ts'
import { type ChainState, NO_CHAIN, tipOf } from '../../src/shared/chain/state.ts'
import { CHAIN, TENANT } from './domain-values.ts'
import type { NaiveChain } from './naive-chain.ts'

export const POLICY: FinalityPolicy = { tag: true, min_depth: 2, depth: 6 }

export type Seen = 'start' | 'none' | 'advanced' | 'lost'

export class ChainFollower {
  readonly #chain: NaiveChain
  readonly records: ChainRecord[] = []
  state: ChainState = NO_CHAIN

  constructor(chain: NaiveChain) {
    this.#chain = chain
    this.commit([{ kind: 'opened', chain: CHAIN }])
  }

  commit(records: readonly ChainRecord[]): readonly ChainRecord[] {
    for (const record of records) this.state = evolve(this.state, record)
    this.records.push(...records)
    expect(this.records.reduce(evolve, NO_CHAIN)).toEqual(this.state)
    this.#checkLinks()
    return records
  }

  watch(address: Address): this {
    this.commit([{ kind: 'watched', address, tenant: TENANT }])
    return this
  }

  /** A look at a node whose head is this block. */
  look(head: Block = this.#chain.head): Seen {
    const target = targetOf(this.state, head)
    if (target.walk === 'none') return 'none'
    if (target.walk === 'start') {
      this.commit(start(head))
      return 'start'
    }
    const from = target.at === null ? head : this.#chain.blockAt(target.at)
    const path = this.#walk(from)
    if (path === null) return 'lost'
    this.commit(advance(this.state, path, this.#matchesIn(path)))
    return 'advanced'
  }

  /** `tagged`: what a node calls final; null: it has no such tag. Written only where other nodes agree. */
  finalize(tagged: BlockRef | null, policy: FinalityPolicy = POLICY): BlockRef | null {
    const block = finalBlock(this.state, tagged, policy)
    if (block === null || !this.#chain.has(block)) return null
    const before = this.state.finalized
    if (before !== null) expect(block.number, 'finality goes forward').toBeGreaterThan(before.number)
    this.commit([{ kind: 'finalized', block }])
    return block
  }

  get tip(): BlockRef | null {
    return tipOf(this.state)
  }

  #walk(from: Block): readonly Block[] | null {
    const path: Block[] = []
    for (let block = from; ; block = this.#chain.blockByHash(block.parent_hash)) {
      path.unshift(block)
      const link = linkOf(this.state, block)
      if (link === 'linked') return path
      if (link === 'lost') return null
    }
  }

  #matchesIn(path: readonly Block[]): readonly Match[] {
    return path.flatMap(({ hash }) =>
      [...this.state.watched.keys()].flatMap((address) =>
        this.#chain.inclusionsIn(hash, address).map((inclusion) => ({ address, inclusion })),
      ),
    )
  }

  /** C2: linked by parent hash without a hole, from the finalized block to the tip. */
  #checkLinks(): void {
    const { blocks, finalized } = this.state
    for (const [index, block] of blocks.entries()) {
      const parent = blocks[index - 1]
      if (parent === undefined) continue
      expect(block).toMatchObject({ number: parent.number + 1, parent_hash: parent.hash })
    }
    const hasBegunSince = finalized !== null && blocks.some(({ number }) => number <= finalized.number)
    if (hasBegunSince) expect(blocks[0]).toMatchObject(finalized)
  }
}
