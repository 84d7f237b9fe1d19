// An endpoint's client behind its gate: nothing is sent that the gate holds back, and it hears what became of the rest.

import { err, type Result } from '../../lib/result.ts'
import type { NodeFailure, NodeResult } from '../../ports/chain-node.ts'
import type { RpcClient, RpcFailure, RpcRequest } from '../json-rpc.ts'
import type { EndpointGate, RequestKind } from './endpoint-gate.ts'
import { faultOf } from './fault-of.ts'

const SEND = 'eth_sendRawTransaction'

export class GatedClient implements RpcClient {
  readonly #client: RpcClient
  readonly #gate: EndpointGate

  constructor(client: RpcClient, gate: EndpointGate) {
    this.#client = client
    this.#gate = gate
  }

  call(request: RpcRequest): Promise<NodeResult<unknown>> {
    return this.#through(
      request.method === SEND ? 'broadcast' : 'read',
      () => this.#client.call(request),
      (result) => (result.ok ? null : result.error),
    )
  }

  batch(requests: readonly RpcRequest[]): Promise<NodeResult<readonly Result<unknown, RpcFailure>[]>> {
    return this.#through('read', () => this.#client.batch(requests), failureIn)
  }

  async #through<T>(
    kind: RequestKind,
    ask: () => Promise<NodeResult<T>>,
    failure: (result: NodeResult<T>) => NodeFailure | null,
  ): Promise<NodeResult<T>> {
    const pass = await this.#gate.enter(kind)
    if (typeof pass === 'string') return err({ reason: 'held_back', why: pass })
    const result = await ask()
    this.#gate.left(pass, failure(result))
    return result
  }
}

/** A rate can be refused item by item. */
function failureIn(result: NodeResult<readonly Result<unknown, RpcFailure>[]>): NodeFailure | null {
  if (!result.ok) return result.error
  const refused = result.value.find((item) => !item.ok && faultOf(item.error).fault !== null)
  return refused === undefined || refused.ok ? null : refused.error
}
