// The fees of a chain's recent blocks, as its object keeps them: asked for when there may be a new block, from the first
// endpoint that tells them. One voice is enough: what it says moves prices within caps, and nothing else.

import { firstAnswer } from '../../shared/adapters/routing/first-answer.ts'
import { type FeeBaseline, feeBaseline, type IncludedTransfer } from '../../shared/fees/fee-baseline.ts'
import { type FeeGuide, guideOf } from '../../shared/fees/fee-guide.ts'
import {
  extend,
  type FeeHistory,
  HISTORY_MOST_BLOCKS,
  isBehind,
  isBeyond,
  NEWEST_BLOCKS,
} from '../../shared/fees/fee-history.ts'
import { type FeeMarket, type LegacyMarket, readMarket, type ToldFees } from '../../shared/fees/fee-market.ts'
import { type FeeOutlook, feeOutlook } from '../../shared/fees/fee-outlook.ts'
import { addMs, type UnixMs } from '../../shared/lib/time.ts'
import type { ChainNode, NodeFailure, NodeResult } from '../../shared/ports/chain-node.ts'
import type { Storage } from '../sqlite/storage.ts'
import { SingleFlight } from '../turns/single-flight.ts'
import { readFeeTable, writeFeeTable } from './fee-table.ts'

/** Milliseconds. What is older than this is told no more, whatever the endpoints do: a market can triple meanwhile. */
const OUTDATED_MS = 120_000
/** Of a block's time: what was told within it is of the same block. */
const SAME_BLOCK_SHARE = 0.5

const BEHIND: NodeFailure = { reason: 'unreachable', detail: 'its blocks are older than those known' }

export type FeeWatchDeps = {
  readonly storage: Storage
  readonly now: () => UnixMs
  readonly nodes: () => Promise<readonly ChainNode[]>
  readonly blockTimeMs: () => number
  readonly log: (event: string, fields: Readonly<Record<string, unknown>>) => void
}

export class FeeWatch {
  readonly #deps: FeeWatchDeps
  readonly #asking = new SingleFlight(() => this.#ask())
  /** Null: not read yet in this life of the object. */
  #history: FeeHistory | null = null
  #legacy: LegacyMarket | null = null
  /** When an endpoint last told something, in this life of the object. */
  #toldAt: UnixMs | null = null
  /** What was made of the blocks that were told last; null: nobody asked since. */
  #read: FeeMarket | null = null
  #outlook: FeeOutlook | null = null

  constructor(deps: FeeWatchDeps) {
    this.#deps = deps
  }

  /** There may be a new block. Several signs of one block are one question. */
  async keep(): Promise<void> {
    if (this.#isOlderThan(SAME_BLOCK_SHARE * this.#deps.blockTimeMs())) await this.#asking.run()
  }

  /** Null: no endpoint has told anything lately. */
  async outlook(): Promise<FeeOutlook | null> {
    const market = await this.#market()
    if (market === null) return null
    this.#outlook ??= feeOutlook(market)
    return this.#outlook
  }

  /** Null: no endpoint has told anything lately, or there is nothing to wait for. */
  async guide(): Promise<FeeGuide | null> {
    const market = await this.#market()
    return market?.kind === 'base_fee' ? guideOf(market) : null
  }

  /** What others would have paid; null where the blocks are not known. When a block was made is told by when the newest was heard of. */
  async baselines(
    transfers: readonly IncludedTransfer[],
  ): Promise<readonly (FeeBaseline | 'not_yet' | null)[]> {
    const market = await this.#market()
    const newestAt = this.#toldAt
    if (market?.kind !== 'base_fee' || newestAt === null) return transfers.map(() => null)
    const clock = { newestAt, blockTimeMs: this.#deps.blockTimeMs() }
    return transfers.map((transfer) => feeBaseline(market.history.blocks, clock, transfer))
  }

  async #market(): Promise<FeeMarket | null> {
    if (this.#isOlderThan(this.#deps.blockTimeMs())) await this.#asking.run()
    if (this.#isOlderThan(OUTDATED_MS)) return null
    this.#read ??= this.#legacy ?? readMarket(this.#kept())
    return this.#read
  }

  async #ask(): Promise<void> {
    await firstAnswer(await this.#deps.nodes(), {
      ask: (node) => this.#askNode(node),
      refuse: (told) => (this.#take(told) ? null : BEHIND),
      onFailure: (endpoint, failure) => this.#deps.log('chain.fees_failed', { endpoint, ...failure }),
    })
  }

  /** All of it only where nothing is kept, or what is new does not reach it. */
  async #askNode(node: ChainNode): Promise<NodeResult<ToldFees>> {
    const kept = this.#kept()
    if (kept.blocks.length === 0) return node.fees(HISTORY_MOST_BLOCKS)
    const newest = await node.fees(NEWEST_BLOCKS)
    const isHole = newest.ok && newest.value.kind === 'base_fee' && isBeyond(kept, newest.value.history)
    return isHole ? node.fees(HISTORY_MOST_BLOCKS) : newest
  }

  /** False: it is older than what is known. */
  #take(told: ToldFees): boolean {
    const before = this.#kept()
    if (told.kind === 'base_fee' && isBehind(before, told.history)) return false
    this.#toldAt = this.#deps.now()
    this.#read = null
    this.#outlook = null
    this.#legacy = told.kind === 'legacy' ? told : null
    if (told.kind === 'base_fee') {
      this.#history = extend(before, told.history)
      writeFeeTable(this.#deps.storage, before, this.#history)
    }
    return true
  }

  #kept(): FeeHistory {
    this.#history ??= readFeeTable(this.#deps.storage)
    return this.#history
  }

  #isOlderThan(ms: number): boolean {
    return this.#toldAt === null || this.#deps.now() >= addMs(this.#toldAt, ms)
  }
}
