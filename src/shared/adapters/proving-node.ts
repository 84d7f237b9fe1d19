// An endpoint that is asked nothing, and handed nothing, before it proved to be of its chain: a wrong URL in the settings
// must never see a transaction. Until then it is there and silent, as one that is down: it counts among the operators
// whose word a final status needs.

import type { BroadcastOutcome } from '../broadcast/outcome.ts'
import { type ChainId, chainReference } from '../chain/chain-id.ts'
import { err } from '../lib/result.ts'
import { addMs, SECOND_MS, type UnixMs, unixMs } from '../lib/time.ts'
import type { ChainNode, NodeFailure, NodeResult } from '../ports/chain-node.ts'
import { logEvent } from './json-log.ts'

/** How much longer than its failed proof took an endpoint is left alone: one that hangs must not cost every caller that. */
const REST_FACTOR = 5
const REST_LEAST_MS = SECOND_MS

const NOT_PROVED = {
  reason: 'unreachable',
  detail: 'not known to be of this chain',
} as const satisfies NodeFailure

export class ProvingNode implements ChainNode {
  readonly #node: ChainNode
  readonly #chain: ChainId
  readonly #now: () => UnixMs
  #isProved = false
  #restsUntil: UnixMs | null = null

  constructor(node: ChainNode, chain: ChainId, now: () => UnixMs = () => unixMs(Date.now())) {
    this.#node = node
    this.#chain = chain
    this.#now = now
  }

  get name(): string {
    return this.#node.name
  }

  get operator(): string {
    return this.#node.operator
  }

  heads(...asked: Parameters<ChainNode['heads']>): ReturnType<ChainNode['heads']> {
    return this.#ask(() => this.#node.heads(...asked))
  }

  blockByHash(...asked: Parameters<ChainNode['blockByHash']>): ReturnType<ChainNode['blockByHash']> {
    return this.#ask(() => this.#node.blockByHash(...asked))
  }

  blockByNumber(...asked: Parameters<ChainNode['blockByNumber']>): ReturnType<ChainNode['blockByNumber']> {
    return this.#ask(() => this.#node.blockByNumber(...asked))
  }

  receipts(...asked: Parameters<ChainNode['receipts']>): ReturnType<ChainNode['receipts']> {
    return this.#ask(() => this.#node.receipts(...asked))
  }

  batchLogs(...asked: Parameters<ChainNode['batchLogs']>): ReturnType<ChainNode['batchLogs']> {
    return this.#ask(() => this.#node.batchLogs(...asked))
  }

  nonceAfter(...asked: Parameters<ChainNode['nonceAfter']>): ReturnType<ChainNode['nonceAfter']> {
    return this.#ask(() => this.#node.nonceAfter(...asked))
  }

  signerAccount(...asked: Parameters<ChainNode['signerAccount']>): ReturnType<ChainNode['signerAccount']> {
    return this.#ask(() => this.#node.signerAccount(...asked))
  }

  fees(...asked: Parameters<ChainNode['fees']>): ReturnType<ChainNode['fees']> {
    return this.#ask(() => this.#node.fees(...asked))
  }

  chainReference(): Promise<NodeResult<number>> {
    return this.#node.chainReference()
  }

  async broadcast(...handed: Parameters<ChainNode['broadcast']>): Promise<BroadcastOutcome> {
    if (await this.#prove()) return this.#node.broadcast(...handed)
    // Nothing has left for here.
    return { class: 'congested', endpoint: this.name, detail: NOT_PROVED.detail }
  }

  async #ask<T>(ask: () => Promise<NodeResult<T>>): Promise<NodeResult<T>> {
    return (await this.#prove()) ? ask() : err(NOT_PROVED)
  }

  async #prove(): Promise<boolean> {
    if (this.#isProved) return true
    const since = this.#now()
    if (this.#restsUntil !== null && since < this.#restsUntil) return false
    const answer = await this.#node.chainReference()
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
