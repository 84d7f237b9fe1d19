// Whether a mined transaction did what its step asked for. Pure. A status of 1 proves that nothing reverted, not that
// value moved: a token may answer `false`, take a fee on the way or do nothing at all.

import type { Address } from '../../chain/address.ts'
import type { Inclusion, Log } from '../../chain/receipt.ts'
import { assertNever } from '../../lib/assert.ts'
import type { Erc20Action, SingleAction } from '../../transfer/request.ts'

/** What a Solidity uint256 holds. */
const UINT256_MAX = 2n ** 256n - 1n

/** keccak256 of `Transfer(address,address,uint256)`: ERC-20 and ERC-721. */
export const TRANSFER_TOPIC: string = '0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef'
/** keccak256 of `TransferSingle(address,address,address,uint256,uint256)`: ERC-1155. */
export const TRANSFER_SINGLE_TOPIC: string =
  '0xc3d58168c5ae7397731d063d5bbf3d657854427343f4c083240f7aacaa2d0f62'
/** keccak256 of `TransferBatch(address,address,address,uint256[],uint256[])`: ERC-1155. */
export const TRANSFER_BATCH_TOPIC: string =
  '0x4a39dc06d4c0dbc64b70af90fd698a233a518aa5d07e595d983b8c0526c8f7fb'

/** keccak256 of `BatchDone(bytes32,uint256,uint256)`: the executor's (contracts/SPEC.md). */
export const BATCH_DONE_TOPIC: string = '0x25f6a9e16edc058a0a6a2635253efaaac287c396fa80d991c63a77120004457c'

/** First topics of the logs that can be evidence; no other log is kept of a receipt. */
export const EVIDENCE_TOPICS: ReadonlySet<string> = new Set([
  TRANSFER_TOPIC,
  TRANSFER_SINGLE_TOPIC,
  TRANSFER_BATCH_TOPIC,
  BATCH_DONE_TOPIC,
])

export type Judgement =
  /** `delivered_amount` in base units, which may differ from what was asked; null where nothing is counted. */
  | { readonly outcome: 'success'; readonly delivered_amount: bigint | null }
  | { readonly outcome: 'reverted' }
  | { readonly outcome: 'no_effect' }

/** Of a transaction that is one action's own. */
export function judge(action: SingleAction, from: Address, inclusion: Inclusion): Judgement {
  if (inclusion.receipt.status === 'reverted') return { outcome: 'reverted' }
  switch (action.type) {
    case 'native':
      return inclusion.to === action.to && inclusion.value === action.amount
        ? { outcome: 'success', delivered_amount: action.amount }
        : { outcome: 'no_effect' }
    case 'erc20':
      return judgeErc20(action, from, inclusion.receipt.logs)
    case 'call':
      return { outcome: 'success', delivered_amount: null }
    default:
      return assertNever(action)
  }
}

/**
 * One log of exactly the amount is the evidence, whatever else the token tells. Without it, what the token says it
 * moved between the two accounts: less where it takes a fee, in several logs where it splits.
 */
function judgeErc20(action: Erc20Action, from: Address, logs: readonly Log[]): Judgement {
  const amounts: bigint[] = []
  for (const log of logs) {
    const transfer = log.address === action.token ? erc20Transfer(log) : null
    if (transfer?.from === from && transfer.to === action.to) amounts.push(transfer.amount)
  }
  if (amounts.includes(action.amount)) return { outcome: 'success', delivered_amount: action.amount }
  const sum = amounts.reduce((total, amount) => total + amount, 0n)
  // A token may say what it likes: more than a token can hold is told as the most that it can.
  const delivered = sum > UINT256_MAX ? UINT256_MAX : sum
  return delivered > 0n ? { outcome: 'success', delivered_amount: delivered } : { outcome: 'no_effect' }
}

/** Digits of one 32-byte word, and how many of them are zeros in front of an address. */
const WORD_DIGITS = 64
const ADDRESS_PADDING = '0'.repeat(24)

/**
 * The addresses may be indexed (topics) or not (data, as some old tokens have them): one row of three words either
 * way. Four topics are an ERC-721 transfer, whose third word is a token's id and not an amount.
 */
export function erc20Transfer(log: Log): { from: string; to: string; amount: bigint } | null {
  const [topic, ...indexed] = log.topics
  if (topic !== TRANSFER_TOPIC || indexed.length > 2) return null
  const digits = indexed.map((word) => word.slice(2)).join('') + log.data.slice(2)
  if (digits.length < 3 * WORD_DIGITS) return null
  const from = addressOf(digits.slice(0, WORD_DIGITS))
  const to = addressOf(digits.slice(WORD_DIGITS, 2 * WORD_DIGITS))
  const amount = BigInt(`0x${digits.slice(2 * WORD_DIGITS, 3 * WORD_DIGITS)}`)
  return from === null || to === null ? null : { from, to, amount }
}

function addressOf(word: string): string | null {
  return word.startsWith(ADDRESS_PADDING) ? `0x${word.slice(ADDRESS_PADDING.length)}` : null
}
