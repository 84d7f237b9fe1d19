// What an endpoint tells of the fees of its recent blocks, asked and read in one batch.

import { z } from 'zod'
import { type BlockFees, TIP_PERCENTILES } from '../fees/block-fees.ts'
import { type FeeHistory, HISTORY_MOST_BLOCKS } from '../fees/fee-history.ts'
import type { ToldFees } from '../fees/fee-market.ts'
import { err, ok, type Result } from '../lib/result.ts'
import type { NodeResult } from '../ports/chain-node.ts'
import type { RpcFailure, RpcRequest } from './json-rpc.ts'
import { checked, header, quantity, smallQuantity } from './json-rpc-schema.ts'

/** As eth_feeHistory answers: a base fee more than there are blocks, the next block's. Some nodes tell no ratios of old blocks. */
const history = z
  .object({
    oldestBlock: smallQuantity,
    baseFeePerGas: z
      .array(quantity)
      .min(2)
      .max(HISTORY_MOST_BLOCKS + 1),
    gasUsedRatio: z.array(z.number().min(0).nullable()),
    reward: z.array(z.array(quantity).nullable()).nullish(),
  })
  .refine(({ baseFeePerGas, gasUsedRatio }) => baseFeePerGas.length === gasUsedRatio.length + 1, 'lengths')

export function feeRequests(blocks: number): readonly RpcRequest[] {
  return [
    { method: 'eth_getBlockByNumber', params: ['latest', false] },
    { method: 'eth_feeHistory', params: [`0x${blocks.toString(16)}`, 'latest', [...TIP_PERCENTILES]] },
    { method: 'eth_gasPrice', params: [] },
  ]
}

/** A chain without base fees, or a node that keeps no history of them, has one price. */
export function readFees(items: readonly Result<unknown, RpcFailure>[]): NodeResult<ToldFees> {
  const [latest, told, price] = items
  if (latest === undefined || told === undefined || price === undefined) {
    return err({ reason: 'malformed', detail: 'fees: no answer' })
  }
  if (!latest.ok) return latest
  const head = checked('latest block', header, latest.value)
  if (!head.ok) return head
  const hasBaseFees = (head.value.baseFeePerGas ?? null) !== null
  if (told.ok && hasBaseFees) {
    const fees = checked('fee history', history, told.value)
    return fees.ok ? ok({ kind: 'base_fee', history: historyOf(fees.value) }) : fees
  }
  // Any other failure passes, and what was known until now is better than one price.
  if (!told.ok && hasBaseFees && !isWithoutMethod(told.error)) return told
  if (!price.ok) return price
  const gasPrice = checked('gas price', quantity, price.value)
  return gasPrice.ok ? ok({ kind: 'legacy', gas_price: gasPrice.value }) : gasPrice
}

/** `Method not found` of JSON-RPC, `Method not supported` of EIP-1474. */
const NO_METHOD_CODES: readonly number[] = [-32601, -32004]

function isWithoutMethod({ code }: RpcFailure): boolean {
  return NO_METHOD_CODES.includes(code)
}

function historyOf({
  oldestBlock,
  baseFeePerGas,
  gasUsedRatio,
  reward,
}: z.output<typeof history>): FeeHistory {
  const blocks = gasUsedRatio.map((gas_ratio, index): BlockFees => {
    const tips = reward?.[index] ?? []
    // A block without gas has no percentiles: nodes answer zeros.
    const isTold = tips.length === TIP_PERCENTILES.length && gas_ratio !== 0
    return {
      number: oldestBlock + index,
      base_fee: baseFeePerGas[index] ?? 0n,
      gas_ratio,
      tips: isTold ? tips : [],
    }
  })
  return { blocks, next_base_fee: baseFeePerGas.at(-1) ?? 0n }
}
