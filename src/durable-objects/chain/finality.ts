// What becomes final: only what as many voices as there need be say again, in pieces that their endpoints can answer for.

import type { BlockRef } from '../../shared/chain/block.ts'
import { finalBlock } from '../../shared/chain/follow.ts'
import { type ChainPolicy, hasCarriers } from '../../shared/chain/policy.ts'
import type { ChainRecord } from '../../shared/chain/records.ts'
import type { ChainState } from '../../shared/chain/state.ts'
import type { ChainNode } from '../../shared/ports/chain-node.ts'
import { agreementOn } from './agreement.ts'
import type { BlockSources } from './block-sources.ts'
import { Span } from './span.ts'

type FinalityDeps = {
  readonly state: () => ChainState
  readonly commit: (records: readonly ChainRecord[]) => void
  readonly log: (event: string, fields: Readonly<Record<string, unknown>>) => void
}

export class Finality {
  readonly #deps: FinalityDeps
  readonly #sources: BlockSources
  readonly #span = new Span()

  constructor(deps: FinalityDeps, sources: BlockSources) {
    this.#deps = deps
    this.#sources = sources
  }

  /** `tagged`: what the endpoint that was looked at calls final. */
  async settle(nodes: readonly ChainNode[], tagged: BlockRef | null, policy: ChainPolicy): Promise<void> {
    while (await this.#settleSome(nodes, tagged, policy)) {}
  }

  /** False: nothing became final. */
  async #settleSome(
    nodes: readonly ChainNode[],
    tagged: BlockRef | null,
    policy: ChainPolicy,
  ): Promise<boolean> {
    const { finality } = policy
    const state = this.#deps.state()
    const { blocks: most } = this.#span
    const block = finalBlock(state, tagged, finality, most)
    if (block === null) return false
    // What was in the oldest of them is settled, or lies before the beginning.
    const blocks = state.blocks.slice(1).filter(({ number }) => number <= block.number)
    const { sources } = this.#sources
    const isByTag = finality.tag && tagged !== null
    const claim = {
      block,
      isByTag,
      depth: finality.depth,
      blocks,
      state,
      isBrought: hasCarriers(policy),
      sources,
    }
    const agreement = await agreementOn(nodes, claim)
    if (finalBlock(this.#deps.state(), tagged, finality, most)?.hash !== block.hash) return false
    if (agreement !== 'agreed') {
      this.#span.failed()
      if (agreement === 'disputed') this.#doubt()
      return false
    }
    this.#span.went()
    this.#deps.commit([{ kind: 'finalized', block }])
    this.#sources.keep(this.#deps.state().blocks)
    // A log that was found to be damaged meanwhile takes nothing.
    return this.#deps.state().finalized?.hash === block.hash
  }

  /** Somebody told us wrong. All that is not final is walked over anew, by another endpoint. */
  #doubt(): void {
    const [oldest] = this.#deps.state().blocks
    if (oldest === undefined) return
    this.#sources.dispute()
    this.#deps.log('chain.disputed', { from: oldest.number })
    this.#deps.commit([{ kind: 'started', block: oldest }])
  }
}
