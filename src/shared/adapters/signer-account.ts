// One signer's view of an endpoint, asked and read in one batch: balances, nonces, code, used numbers, fees,
// room in the newest block, estimates.
// The items may be of different heads where the endpoint is a pool of nodes; the callers plan, the chain decides.

import type { z } from 'zod'
import type { Address } from '../chain/address.ts'
import { TIP_PERCENTILES } from '../fees/block-fees.ts'
import { SPEED_POLICIES } from '../fees/speed-policy.ts'
import type { FeeSuggestion } from '../fees/suggestion.ts'
import { perBlock, recentTips, TIP_BLOCKS, tipFor } from '../fees/tips.ts'
import { assert } from '../lib/assert.ts'
import type { Json } from '../lib/canonical-json.ts'
import { type Hex, isHex } from '../lib/hex.ts'
import { err, ok, type Result } from '../lib/result.ts'
import { SECOND_MS, unixMs } from '../lib/time.ts'
import type { NodeResult } from '../ports/chain-node.ts'
import type { CallRequest, GasEstimate, SignerAccount, SignerQuery } from '../signer/account/account.ts'
import { parseAccountCode } from '../signer/account/account-code.ts'
import { encodeBalanceOf } from './encode-action.ts'
import { encodeDoneBits } from './encode-execute.ts'
import type { RpcFailure, RpcRequest } from './json-rpc.ts'
import { checked, feeHistory, header, hex, quantity, smallQuantity } from './json-rpc-schema.ts'

type Item = Result<unknown, RpcFailure>

/** As many as tips are judged by (fees/tips.ts), at the percentile that says what got into a block. */
const FEE_HISTORY_BLOCKS = `0x${TIP_BLOCKS.toString(16)}`
const [FEE_PERCENTILE] = TIP_PERCENTILES
/** Wei per unit of gas: what is offered where nobody offered more, because some nodes take no transaction without. */
const LEAST_PRIORITY_FEE = 1n

/** Items before those of the tokens, of the words and of the estimates. */
const FIXED_ITEMS = 7

export function signerAccountRequests({
  address,
  tokens,
  words,
  estimates,
}: SignerQuery): readonly RpcRequest[] {
  const requests: readonly RpcRequest[] = [
    { method: 'eth_getBlockByNumber', params: ['latest', false] },
    { method: 'eth_getBalance', params: [address, 'latest'] },
    { method: 'eth_getTransactionCount', params: [address, 'latest'] },
    { method: 'eth_getTransactionCount', params: [address, 'pending'] },
    { method: 'eth_feeHistory', params: [FEE_HISTORY_BLOCKS, 'latest', [FEE_PERCENTILE]] },
    { method: 'eth_gasPrice', params: [] },
    { method: 'eth_getCode', params: [address, 'latest'] },
  ]
  assert(requests.length === FIXED_ITEMS, 'the answers are read by position')
  const data = encodeBalanceOf(address)
  return [
    ...requests,
    ...tokens.map((token) => callOf(token, data)),
    ...words.map((word) => callOf(address, encodeDoneBits(word))),
    ...estimates.map((call) => ({ method: 'eth_estimateGas', params: [callParams(call), 'latest'] })),
  ]
}

function callOf(to: Address, data: Hex): RpcRequest {
  return { method: 'eth_call', params: [{ to, data }, 'latest'] }
}

function callParams({ from, to, data, value }: CallRequest): Json {
  return { from, to, data, value: `0x${value.toString(16)}` }
}

export function readSignerAccount(query: SignerQuery, items: readonly Item[]): NodeResult<SignerAccount> {
  const [block, balanceItem, latestItem, pendingItem, history, gasPrice, codeItem] = items
  const firstWord = FIXED_ITEMS + query.tokens.length
  const firstEstimate = firstWord + query.words.length
  const head = answer('block', header, block)
  if (!head.ok) return head
  const balance = answer('balance', quantity, balanceItem)
  if (!balance.ok) return balance
  const latestNonce = answer('nonce', smallQuantity, latestItem)
  if (!latestNonce.ok) return latestNonce
  const pendingNonce = answer('pending nonce', smallQuantity, pendingItem)
  if (!pendingNonce.ok) return pendingNonce
  const fees = readFees(head.value.baseFeePerGas ?? null, history, gasPrice)
  if (!fees.ok) return fees
  const code = answer('code', hex, codeItem)
  if (!code.ok) return code
  const tokens = all(items.slice(FIXED_ITEMS, firstWord).map(readWord))
  if (!tokens.ok) return tokens
  const used = all(items.slice(firstWord, firstEstimate).map(readWord))
  if (!used.ok) return used
  const estimates = all(items.slice(firstEstimate).map(readEstimate))
  if (!estimates.ok) return estimates
  return ok({
    at: { number: head.value.number, hash: head.value.hash },
    ...(head.value.timestamp == null ? {} : { time: unixMs(head.value.timestamp * SECOND_MS) }),
    balance: balance.value,
    latest_nonce: latestNonce.value,
    pending_nonce: pendingNonce.value,
    token_balances: tokens.value,
    code: parseAccountCode(code.value),
    used: usedBy(query.words, used.value),
    estimates: estimates.value,
    fees: fees.value,
    room: { gas_limit: head.value.gasLimit, gas_used: head.value.gasUsed },
  })
}

/** Where a block has no base fee there is no fee history that means anything: the price is the whole offer. */
function readFees(
  baseFee: bigint | null,
  historyItem: Item | undefined,
  gasPriceItem: Item | undefined,
): NodeResult<FeeSuggestion> {
  if (baseFee === null) {
    const price = answer('gas price', quantity, gasPriceItem)
    return price.ok ? ok({ next_base_fee: 0n, priority_fee: atLeastOne(price.value) }) : price
  }
  const history = answer('fee history', feeHistory, historyItem)
  if (!history.ok) return history
  const { reward, gasUsedRatio, baseFeePerGas } = history.value
  const blocks = (reward ?? []).map((tips, index) => {
    const gas_ratio = gasUsedRatio?.[index] ?? null
    // A block without gas has no percentiles: nodes answer zeros.
    return {
      number: index,
      base_fee: baseFeePerGas[index] ?? baseFee,
      gas_ratio,
      tips: gas_ratio === 0 ? [] : tips,
    }
  })
  // Better offers and delegations have the tip of those who are in a hurry; a plan's is by who goes in it.
  const { probability, blocks: within } = SPEED_POLICIES.fast
  const recent_tips = recentTips(blocks)
  return ok({
    next_base_fee: baseFeePerGas.at(-1) ?? baseFee,
    priority_fee: tipFor(recent_tips, perBlock(probability, within)).tip,
    recent_tips,
  })
}

function atLeastOne(fee: bigint): bigint {
  return fee > LEAST_PRIORITY_FEE ? fee : LEAST_PRIORITY_FEE
}

function usedBy(words: readonly bigint[], bits: readonly (bigint | null)[]): ReadonlyMap<bigint, bigint> {
  const used = new Map<bigint, bigint>()
  for (const [index, word] of words.entries()) {
    const told = bits[index] ?? null
    if (told !== null) used.set(word, told)
  }
  return used
}

/** Hex digits of one word. */
const WORD_PATTERN = /^0x[0-9a-f]{64}$/i

/** Null: nothing there answers so, for this node at this block. A node that could not run the call says nothing of it. */
function readWord(item: Item): NodeResult<bigint | null> {
  if (!item.ok) return isExecutionFailure(item.error) ? ok(null) : item
  const { value } = item
  return ok(typeof value === 'string' && WORD_PATTERN.test(value) ? BigInt(value) : null)
}

function readEstimate(item: Item): NodeResult<GasEstimate> {
  if (!item.ok) {
    return ok({ ok: false, reverted: isRevert(item.error), message: item.error.message })
  }
  const gas = checked('gas estimate', quantity, item.value)
  return gas.ok ? ok({ ok: true, gas: gas.value }) : gas
}

/** JSON-RPC code of a revert, by execution-apis. */
const REVERT_CODE = 3

function isRevert(error: RpcFailure): boolean {
  const words = error.data !== null && !isHex(error.data) ? `${error.message} ${error.data}` : error.message
  return error.code === REVERT_CODE || /\brevert(?:ed)?\b/i.test(words)
}

/** What the EVM says when it ran the call and it failed. */
function isExecutionFailure(error: RpcFailure): boolean {
  return (
    isRevert(error) ||
    /\binvalid (?:opcode|jump)|\bout of gas\b|\bvm execution error\b|\bevm error\b/i.test(error.message)
  )
}

function answer<T>(what: string, schema: z.ZodType<T>, item: Item | undefined): NodeResult<T> {
  if (item === undefined) return err({ reason: 'malformed', detail: `${what}: no answer` })
  return item.ok ? checked(what, schema, item.value) : item
}

function all<T>(results: readonly NodeResult<T>[]): NodeResult<readonly T[]> {
  const values: T[] = []
  for (const result of results) {
    if (!result.ok) return result
    values.push(result.value)
  }
  return ok(values)
}
