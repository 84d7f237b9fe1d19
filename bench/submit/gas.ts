// Gas that accounts paid for, as the blocks say.

import { z } from 'zod'
import { rpc } from '../../scripts/dev/rpc.ts'

const quantity = z.string().transform(Number)
const receipts = z.array(z.looseObject({ from: z.string(), gasUsed: quantity }))

export async function blockNumber(rpcUrl: string): Promise<number> {
  return quantity.parse(await rpc(rpcUrl, 'eth_blockNumber', []))
}

/** Over the blocks after `since`, up to the newest. */
export async function gasPaid(rpcUrl: string, accounts: readonly string[], since: number): Promise<number> {
  const payers = new Set(accounts.map((account) => account.toLowerCase()))
  const newest = await blockNumber(rpcUrl)
  let gas = 0
  for (let block = since + 1; block <= newest; block++) {
    const found = receipts.parse(await rpc(rpcUrl, 'eth_getBlockReceipts', [`0x${block.toString(16)}`]))
    for (const { from, gasUsed } of found) if (payers.has(from.toLowerCase())) gas += gasUsed
  }
  return gas
}
