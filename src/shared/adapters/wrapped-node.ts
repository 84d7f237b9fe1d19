// An endpoint with something around every question to it. What that is, and what becomes of broadcasts, is said by who wraps it.

import type { BroadcastOutcome } from '../broadcast/outcome.ts'
import type { ChainNode, NodeResult } from '../ports/chain-node.ts'

export abstract class WrappedNode implements ChainNode {
  protected readonly node: ChainNode

  constructor(node: ChainNode) {
    this.node = node
  }

  get name(): string {
    return this.node.name
  }

  get operator(): string {
    return this.node.operator
  }

  heads(): ReturnType<ChainNode['heads']> {
    return this.around(() => this.node.heads())
  }

  blockByHash(...asked: Parameters<ChainNode['blockByHash']>): ReturnType<ChainNode['blockByHash']> {
    return this.around(() => this.node.blockByHash(...asked))
  }

  blockByNumber(...asked: Parameters<ChainNode['blockByNumber']>): ReturnType<ChainNode['blockByNumber']> {
    return this.around(() => this.node.blockByNumber(...asked))
  }

  receipts(...asked: Parameters<ChainNode['receipts']>): ReturnType<ChainNode['receipts']> {
    return this.around(() => this.node.receipts(...asked))
  }

  batchLogs(...asked: Parameters<ChainNode['batchLogs']>): ReturnType<ChainNode['batchLogs']> {
    return this.around(() => this.node.batchLogs(...asked))
  }

  nonceAfter(...asked: Parameters<ChainNode['nonceAfter']>): ReturnType<ChainNode['nonceAfter']> {
    return this.around(() => this.node.nonceAfter(...asked))
  }

  signerAccount(...asked: Parameters<ChainNode['signerAccount']>): ReturnType<ChainNode['signerAccount']> {
    return this.around(() => this.node.signerAccount(...asked))
  }

  fees(...asked: Parameters<ChainNode['fees']>): ReturnType<ChainNode['fees']> {
    return this.around(() => this.node.fees(...asked))
  }

  chainReference(): Promise<NodeResult<number>> {
    return this.around(() => this.node.chainReference())
  }

  abstract broadcast(...handed: Parameters<ChainNode['broadcast']>): Promise<BroadcastOutcome>

  protected abstract around<T>(ask: () => Promise<NodeResult<T>>): Promise<NodeResult<T>>
}
