// Transactions of accounts for which Anvil itself signs.

import { type Address as AnyAddress, createPublicClient, http, type PublicClient } from 'viem'
import { assert } from '../../src/shared/lib/assert.ts'
import { rpc } from './rpc.ts'

/** Milliseconds between two looks for a receipt. The block is mined at once, so the first look finds it. */
const RECEIPT_CHECK_MS = 20

export function localClient(rpcUrl: string): PublicClient {
  return createPublicClient({ transport: http(rpcUrl), pollingInterval: RECEIPT_CHECK_MS })
}

/** In a block of its own, also where blocks are slow. Throws where it fails there. */
export async function sendLocally(
  rpcUrl: string,
  transaction: { readonly from: AnyAddress; readonly to?: AnyAddress; readonly data: AnyAddress },
): Promise<void> {
  const hash = await rpc(rpcUrl, 'eth_sendTransaction', [transaction])
  await rpc(rpcUrl, 'evm_mine', [])
  assert(isHash(hash), 'a transaction has a hash')
  const receipt = await localClient(rpcUrl).waitForTransactionReceipt({ hash })
  assert(receipt.status === 'success', `a transaction of the local chain's setup failed: ${hash}`)
}

function isHash(value: unknown): value is `0x${string}` {
  return typeof value === 'string' && /^0x[0-9a-f]{64}$/.test(value)
}
