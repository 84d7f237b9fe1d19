// The node as it would be, were it some blocks behind: one view for everything that is asked in a request. Heads, blocks
// by number and by hash, receipts, nonces, balances and calls all say the same; its pool is up to date, as that of a node
// that still hears the network.

import { z } from 'zod'
import { GETH_CODE } from './refusals.ts'
import { quantity, type RpcCall, type RpcOutcome, toHex, type Upstream } from './rpc.ts'

/** Position of the block among the parameters. */
const BLOCK_PARAMETER: Readonly<Record<string, number>> = {
  eth_getBlockByNumber: 0,
  eth_getBlockReceipts: 0,
  eth_getBlockTransactionCountByNumber: 0,
  eth_getTransactionCount: 1,
  eth_getBalance: 1,
  eth_getCode: 1,
  eth_call: 1,
  eth_estimateGas: 1,
  eth_feeHistory: 1,
  eth_getStorageAt: 2,
}
/** Of these a block that the node does not have is null; of the others an error. */
const NULL_WHERE_UNKNOWN = new Set([
  'eth_getBlockByNumber',
  'eth_getBlockReceipts',
  'eth_getBlockTransactionCountByNumber',
])

const numbered = z.looseObject({ number: quantity })
const included = z.looseObject({ blockNumber: quantity })

export class StaleView {
  readonly #upstream: Upstream
  readonly #head: number
  readonly #finalized: number

  private constructor(upstream: Upstream, head: number, finalized: number) {
    this.#upstream = upstream
    this.#head = head
    this.#finalized = finalized
  }

  static async of(upstream: Upstream, blocksBehind: number): Promise<StaleView> {
    const head = await upstream.ask(quantity, 'eth_blockNumber')
    const finalized = await upstream.ask(numbered, 'eth_getBlockByNumber', 'finalized', false)
    return new StaleView(
      upstream,
      Math.max(0, head - blocksBehind),
      Math.max(0, finalized.number - blocksBehind),
    )
  }

  async answer(call: RpcCall): Promise<RpcOutcome> {
    if (call.method === 'eth_blockNumber') return { result: toHex(this.#head) }
    const position = BLOCK_PARAMETER[call.method]
    if (position === undefined) return this.#byHash(call)
    const params = [...call.params]
    const asked = params[position] ?? 'latest'
    // Waiting transactions are known here too.
    if (asked === 'pending' && call.method === 'eth_getTransactionCount') return this.#pass(call)
    const height = this.#heightOf(asked)
    if (height === null) return this.#ofBlock(call, String(asked))
    if (height > this.#head) {
      if (NULL_WHERE_UNKNOWN.has(call.method)) return { result: null }
      return { error: { code: GETH_CODE, message: 'header not found' } }
    }
    params[position] = toHex(height)
    return this.#upstream.call(call.method, params)
  }

  /** Null: named by its hash. */
  #heightOf(asked: unknown): number | null {
    if (asked === 'latest' || asked === 'pending') return this.#head
    if (asked === 'finalized' || asked === 'safe') return this.#finalized
    if (asked === 'earliest') return 0
    const height = quantity.safeParse(asked)
    return height.success && String(asked).length < 66 ? height.data : null
  }

  async #ofBlock(call: RpcCall, hash: string): Promise<RpcOutcome> {
    const block = await this.#upstream.call('eth_getBlockByHash', [hash, false])
    return this.#isBeyond(numbered, block) ? { result: null } : this.#pass(call)
  }

  async #byHash(call: RpcCall): Promise<RpcOutcome> {
    const outcome = await this.#pass(call)
    switch (call.method) {
      case 'eth_getBlockByHash':
        return this.#isBeyond(numbered, outcome) ? { result: null } : outcome
      case 'eth_getTransactionReceipt':
        return this.#isBeyond(included, outcome) ? { result: null } : outcome
      case 'eth_getTransactionByHash':
        return this.#isBeyond(included, outcome) ? { result: stillWaiting(outcome) } : outcome
      default:
        return outcome
    }
  }

  /** Whether the transaction is in a block that this node does not have: in its pool, then. */
  async holds(hash: string): Promise<boolean> {
    return this.#isBeyond(included, await this.#upstream.call('eth_getTransactionByHash', [hash]))
  }

  #isBeyond(
    schema: z.ZodType<{ readonly number: number } | { readonly blockNumber: number }>,
    outcome: RpcOutcome,
  ): boolean {
    if (!('result' in outcome)) return false
    const parsed = schema.safeParse(outcome.result)
    if (!parsed.success) return false
    const { data } = parsed
    return ('number' in data ? data.number : data.blockNumber) > this.#head
  }

  #pass({ method, params }: RpcCall): Promise<RpcOutcome> {
    return this.#upstream.call(method, params)
  }
}

function stillWaiting(outcome: RpcOutcome): unknown {
  const result = 'result' in outcome ? outcome.result : null
  return { ...Object(result), blockHash: null, blockNumber: null, transactionIndex: null }
}
