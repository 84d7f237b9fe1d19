// An endpoint that is asked nothing, and handed nothing, before it proved to be of its chain: a wrong URL in the settings
// must never see a transaction. Until then it is there and silent, as one that is down: it counts among the operators
// whose word a final status needs.

import type { BroadcastOutcome } from '../broadcast/outcome.ts'
import { type ChainId, chainReference } from '../chain/chain-id.ts'
import { err } from '../lib/result.ts'
import { addMs, SECOND_MS, type UnixMs, unixMs } from '../lib/time.ts'
import type { ChainNode, NodeFailure, NodeResult } from '../ports/chain-node.ts'
import { logEvent } from './json-log.ts'
import { WrappedNode } from './wrapped-node.ts'

/** How much longer than its failed proof took an endpoint is left alone: one that hangs must not cost every caller that. */
const REST_FACTOR = 5
const REST_LEAST_MS = SECOND_MS

const NOT_PROVED = {
  reason: 'unreachable',
  detail: 'not known to be of this chain',
} as const satisfies NodeFailure

export class ProvingNode extends WrappedNode {
  readonly #chain: ChainId
  readonly #now: () => UnixMs
  #isProved = false
  #restsUntil: UnixMs | null = null

  constructor(node: ChainNode, chain: ChainId, now: () => UnixMs = () => unixMs(Date.now())) {
    super(node)
    this.#chain = chain
    this.#now = now
  }

  override chainReference(): Promise<NodeResult<number>> {
    return this.node.chainReference()
  }

  override async broadcast(...handed: Parameters<ChainNode['broadcast']>): Promise<BroadcastOutcome> {
    if (await this.#prove()) return this.node.broadcast(...handed)
    // Nothing has left for here.
    return { class: 'congested', endpoint: this.name, detail: NOT_PROVED.detail }
  }

  protected override async around<T>(ask: () => Promise<NodeResult<T>>): Promise<NodeResult<T>> {
    return (await this.#prove()) ? ask() : err(NOT_PROVED)
  }

  async #prove(): Promise<boolean> {
    if (this.#isProved) return true
    const since = this.#now()
    if (this.#restsUntil !== null && since < this.#restsUntil) return false
    const answer = await this.node.chainReference()
    if (answer.ok && answer.value === chainReference(this.#chain)) {
      this.#isProved = true
      return true
    }
    const tookMs = this.#now() - since
    this.#restsUntil = addMs(this.#now(), Math.max(REST_LEAST_MS, REST_FACTOR * tookMs))
    const known = { chain: this.#chain, endpoint: this.name }
    if (answer.ok) logEvent('error', 'endpoint.wrong_chain', { ...known, answers_as: answer.value })
    else logEvent('warn', 'endpoint.not_proved', { ...known, ...answer.error })
    return this.#isProved
  }
}
