// A chain's endpoint as one caller sees it: it keeps the leases of the isolate alive with what this caller may call, and
// notes what answers say of the endpoint itself.

import type { BroadcastOutcome } from '../../broadcast/outcome.ts'
import type { ChainNode, NodeFailure, NodeResult } from '../../ports/chain-node.ts'
import type { Lessor } from '../../ports/endpoint-lessor.ts'
import { type HeadSight, tailMs } from '../../routing/health.ts'
import type { EndpointGate } from './endpoint-gate.ts'
import type { Router } from './router.ts'

export class RoutedNode implements ChainNode {
  readonly #node: ChainNode
  readonly #gate: EndpointGate
  readonly #router: Router
  readonly #lessor: Lessor

  constructor(node: ChainNode, gate: EndpointGate, router: Router, lessor: Lessor) {
    this.#node = node
    this.#gate = gate
    this.#router = router
    this.#lessor = lessor
  }

  get name(): string {
    return this.#node.name
  }

  get operator(): string {
    return this.#node.operator
  }

  /** Sorted anew each time it is asked for: only who has somebody else to ask does. */
  get lateAfterMs(): number {
    return tailMs(this.#gate.health)
  }

  heads(): ReturnType<ChainNode['heads']> {
    return this.#ask(
      () => this.#node.heads(),
      ({ head }) => there(head.number),
    )
  }

  blockByHash(...asked: Parameters<ChainNode['blockByHash']>): ReturnType<ChainNode['blockByHash']> {
    return this.#ask(() => this.#node.blockByHash(...asked))
  }

  blockByNumber(at: number | 'finalized'): ReturnType<ChainNode['blockByNumber']> {
    return this.#ask(
      () => this.#node.blockByNumber(at),
      (block) => (at === 'finalized' ? null : sightOf(at, block !== null)),
    )
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
    return this.#ask(
      () => this.#node.signerAccount(...asked),
      ({ at }) => there(at.number),
    )
  }

  fees(...asked: Parameters<ChainNode['fees']>): ReturnType<ChainNode['fees']> {
    return this.#ask(() => this.#node.fees(...asked))
  }

  chainReference(): Promise<NodeResult<number>> {
    return this.#ask(() => this.#node.chainReference())
  }

  async broadcast(...handed: Parameters<ChainNode['broadcast']>): Promise<BroadcastOutcome> {
    if (this.#router.isDue) await this.#router.keep(this.#lessor)
    return this.#node.broadcast(...handed)
  }

  /** `sightIn`: what an answer says of the endpoint's head; null: nothing. */
  async #ask<T>(
    ask: () => Promise<NodeResult<T>>,
    sightIn: (value: T) => HeadSight | null = () => null,
  ): Promise<NodeResult<T>> {
    if (this.#router.isDue) await this.#router.keep(this.#lessor)
    const first = await ask()
    const result = !first.ok && mayBeChance(first.error) ? await ask() : first
    if (result.ok) {
      const sight = sightIn(result.value)
      if (sight !== null) this.#router.sawHead(this.name, sight)
    } else if (result.error.reason === 'malformed') this.#gate.sawNonsense()
    return result
  }
}

/** What broke at once may go well at once. What took its time, or asked for some, is not asked a second time. */
function mayBeChance(failure: NodeFailure): boolean {
  if (failure.reason === 'unreachable') return true
  return failure.reason === 'http' && failure.status >= 500 && failure.retry_after_ms === undefined
}

function there(head: number): HeadSight {
  return { head, is: 'there' }
}

function sightOf(height: number, isThere: boolean): HeadSight {
  return isThere ? { head: height, is: 'no_lower' } : { head: height - 1, is: 'no_higher' }
}
