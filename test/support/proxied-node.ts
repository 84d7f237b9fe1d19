// A real node behind a fault proxy, and the client of our own that asks it: the bench of the proxy's own tests.

import type { TransactionSerializableEIP1559 } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { JsonRpcClient } from '../../src/shared/adapters/json-rpc.ts'
import { JsonRpcNode } from '../../src/shared/adapters/json-rpc-node.ts'
import type { BroadcastOutcome } from '../../src/shared/broadcast/outcome.ts'
import type { NodeResult } from '../../src/shared/ports/chain-node.ts'
import { txHash } from '../../src/shared/schema/scalars.ts'
import { ANVIL_KEY, type Anvil } from '../unit/adapters/anvil.ts'
import { hex } from '../unit/adapters/chain-values.ts'
import { FaultProxy } from './fault-proxy/fault-proxy.ts'
import { bytesOf, type SentBytes } from './fault-proxy/sent-bytes.ts'
import { randomFrom } from './random.ts'

export const SEND = 'eth_sendRawTransaction'
export const GWEI = 1_000_000_000n
/** Milliseconds until the client gives up: nothing here takes that long but what hangs. */
const TIMEOUT_MS = 300

export const account = privateKeyToAccount(ANVIL_KEY)

export class ProxiedNode {
  readonly anvil: Anvil
  readonly proxy: FaultProxy
  readonly node: JsonRpcNode
  readonly client: JsonRpcClient

  private constructor(anvil: Anvil, proxy: FaultProxy) {
    this.anvil = anvil
    this.proxy = proxy
    this.node = new JsonRpcNode({ name: 'proxied', operator: 'us', url: proxy.url }, undefined, TIMEOUT_MS)
    this.client = new JsonRpcClient(proxy.url, undefined, TIMEOUT_MS)
  }

  /** With an empty pool. */
  static async before(anvil: Anvil): Promise<ProxiedNode> {
    await anvil.ask('anvil_dropAllTransactions')
    return new ProxiedNode(anvil, await FaultProxy.start({ upstreamUrl: anvil.url, random: randomFrom(1) }))
  }

  async nextNonce(): Promise<number> {
    return Number(await this.anvil.ask('eth_getTransactionCount', account.address, 'latest'))
  }

  send({ raw, hash }: SentBytes): Promise<BroadcastOutcome> {
    return this.node.broadcast(hex(raw), txHash.parse(hash))
  }

  /** To the node itself, whatever the proxy says. */
  async isKnown({ hash }: SentBytes): Promise<boolean> {
    return (await this.anvil.ask('eth_getTransactionByHash', hash)) !== null
  }

  async ask(method: string, ...params: readonly string[]): Promise<unknown> {
    return answered(await this.client.call({ method, params }))
  }
}

export async function signed(
  nonce: number,
  changes: Partial<TransactionSerializableEIP1559> = {},
): Promise<SentBytes> {
  const raw = await account.signTransaction({
    type: 'eip1559',
    chainId: 31_337,
    nonce,
    to: '0x2222222222222222222222222222222222222222',
    value: 1n,
    gas: 21_000n,
    maxFeePerGas: 100n * GWEI,
    maxPriorityFeePerGas: GWEI,
    ...changes,
  })
  const bytes = bytesOf({ id: 1, method: SEND, params: [raw] })
  if (bytes === null) throw new Error('bytes')
  return bytes
}

export function answered<T>(result: NodeResult<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.error))
  return result.value
}
