// The chain as an outsider sees it: what truly happened, whatever Waybill says.

import { vi } from 'vitest'
import { z } from 'zod'
import type { TransferRequestBody } from '../../src/shared/schema/transfer-request.ts'

/** Milliseconds between two looks, and until a wait is given up. */
const POLL_MS = 100
const WAIT_MS = 60_000

const quantity = z.string().transform((hex) => BigInt(hex))

export class Chain {
  readonly #url: string

  constructor({ rpcUrl }: { readonly rpcUrl: string }) {
    this.#url = rpcUrl
  }

  async rpc(method: string, ...params: unknown[]): Promise<unknown> {
    const response = await fetch(this.#url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    })
    const { result, error } = z
      .looseObject({ result: z.unknown(), error: z.unknown().optional() })
      .parse(await response.json())
    if (error !== undefined) throw new Error(`${method}: ${JSON.stringify(error)}`)
    return result
  }

  async balance(address: string): Promise<bigint> {
    return quantity.parse(await this.rpc('eth_getBalance', address, 'latest'))
  }

  async tokenBalance(token: string, address: string): Promise<bigint> {
    const data = `0x70a08231${address.slice(2).toLowerCase().padStart(64, '0')}`
    return quantity.parse(await this.rpc('eth_call', { to: token, data }, 'latest'))
  }

  /** What the receiver of an action, an address of its own, has got. */
  received(action: TransferRequestBody['action']): Promise<bigint> {
    if (action.type === 'batch') throw new Error('several actions have several receivers')
    return action.type === 'erc20' ? this.tokenBalance(action.token, action.to) : this.balance(action.to)
  }

  /** Transactions of the account in blocks. */
  async transactionCount(address: string): Promise<number> {
    return Number(quantity.parse(await this.rpc('eth_getTransactionCount', address, 'latest')))
  }

  async blockNumber(): Promise<number> {
    return Number(quantity.parse(await this.rpc('eth_blockNumber')))
  }

  /** Until the chain is so many blocks further. */
  async blocks(count: number): Promise<void> {
    const target = (await this.blockNumber()) + count
    await until(async () => (await this.blockNumber()) >= target)
  }
}

/** Looks until it is true. */
export function until(isThere: () => Promise<boolean>): Promise<unknown> {
  return vi.waitUntil(isThere, { interval: POLL_MS, timeout: WAIT_MS })
}
