// A chain's endpoint as one caller sees it: it keeps the leases of the isolate alive with what this caller may call, and
// notes what answers say of the endpoint itself.

import type { BroadcastOutcome } from '../../broadcast/outcome.ts'
import type { ChainNode, NodeFailure, NodeResult } from '../../ports/chain-node.ts'
import type { Lessor } from '../../ports/endpoint-lessor.ts'
import { type HeadSight, tailMs } from '../../routing/health.ts'
import { WrappedNode } from '../wrapped-node.ts'
import type { EndpointGate } from './endpoint-gate.ts'
import type { Router } from './router.ts'

export class RoutedNode extends WrappedNode {
  readonly #gate: EndpointGate
  readonly #router: Router
  readonly #lessor: Lessor

  constructor(node: ChainNode, gate: EndpointGate, router: Router, lessor: Lessor) {
    super(node)
    this.#gate = gate
    this.#router = router
    this.#lessor = lessor
  }

  /** Sorted anew each time it is asked for: only who has somebody else to ask does. */
  get lateAfterMs(): number {
    return tailMs(this.#gate.health)
  }

  override heads(): ReturnType<ChainNode['heads']> {
    return this.around(
      () => this.node.heads(),
      ({ head }) => there(head.number),
    )
  }

  override blockByNumber(at: number | 'finalized'): ReturnType<ChainNode['blockByNumber']> {
    return this.around(
      () => this.node.blockByNumber(at),
      (block) => (at === 'finalized' ? null : sightOf(at, block !== null)),
    )
  }

  override signerAccount(
    ...asked: Parameters<ChainNode['signerAccount']>
  ): ReturnType<ChainNode['signerAccount']> {
    return this.around(
      () => this.node.signerAccount(...asked),
      ({ at }) => there(at.number),
    )
  }

  override async broadcast(...handed: Parameters<ChainNode['broadcast']>): Promise<BroadcastOutcome> {
    if (this.#router.isDue) await this.#router.keep(this.#lessor)
    return this.node.broadcast(...handed)
  }

  /** `sightIn`: what an answer says of the endpoint's head; null: nothing. */
  protected override async around<T>(
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
