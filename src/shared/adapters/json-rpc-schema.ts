// What nodes answer, checked and turned into the words of the domain. Hex quantities become numbers and bigints with
// bounds, hashes and addresses lower case. A field that is missing or odd makes the answer malformed: an endpoint that
// answers half is not believed on the other half. Failures name the place, never the value.

import { z } from 'zod'
import { type Address, isAddress } from '../chain/address.ts'
import type { BlockRef } from '../chain/block.ts'
import { type BlockHash, isBlockHash, isTxHash, type TxHash } from '../chain/hash.ts'
import type { Log, Receipt } from '../chain/receipt.ts'
import { type Hex, isHex } from '../lib/hex.ts'
import { err, ok } from '../lib/result.ts'
import { SECOND_MS, unixMs } from '../lib/time.ts'
import type { NodeResult } from '../ports/chain-node.ts'
import { EVIDENCE_TOPICS } from '../signer/evidence/evidence.ts'
import type { AuthorizationTuple, SignedBlock } from './block-authorizations.ts'

/**
 * Logs kept of one receipt: all that a transaction can write under the gas limit of EIP-7825, at 2,131 gas for the smallest
 * that looks like evidence. None may be left out: in a batch a call could push out what shows that another step was paid.
 */
export const MOST_EVIDENCE_LOGS = 8_192
/** Bytes kept of one log: an ERC-20 amount is 32, an ERC-1155 batch of 8 ids is 640. */
export const MOST_LOG_DATA_BYTES = 640
/** Seconds. Dates beyond it (year 9999) are no block's time and do not fit RFC 3339. */
const LAST_TIMESTAMP = 253_402_300_799

/** Hex digits of the largest number in the EVM. Leading zeros are wrong by the book, and some nodes send them. */
const QUANTITY_PATTERN = /^0x[0-9a-f]{1,64}$/i

export const quantity = z.string().regex(QUANTITY_PATTERN).transform(BigInt)

export const smallQuantity = quantity
  .refine((value) => value <= BigInt(Number.MAX_SAFE_INTEGER), 'too large')
  .transform(Number)

/** Bits. No block has room for more gas, and no price comes near: their product always fits 256 bits. */
const GAS_BITS = 64n
const GAS_PRICE_BITS = 128n
const gas = quantity.refine((value) => value < 2n ** GAS_BITS, 'too large')
const gasPrice = quantity.refine((value) => value < 2n ** GAS_PRICE_BITS, 'too large')

const blockHash = lowerCase<BlockHash>(isBlockHash)
export const txHash = lowerCase<TxHash>(isTxHash)
const address = lowerCase<Address>(isAddress)
export const hex = lowerCase<Hex>(isHex)

function lowerCase<T extends string>(is: (text: string) => text is T) {
  return z.string().transform((text, context): T => {
    const lower = text.toLowerCase()
    if (is(lower)) return lower
    context.addIssue('not of this form')
    return z.NEVER
  })
}

export const blockRef = z
  .object({ number: smallQuantity, hash: blockHash })
  .transform((block): BlockRef => ({ number: block.number, hash: block.hash }))

/** Seconds. */
const blockTime = smallQuantity.refine((seconds) => seconds <= LAST_TIMESTAMP, 'too late')

/** A log that was searched for: whose it is, and where it is found. */
export const foundLog = z
  .object({ address, blockHash, transactionHash: txHash })
  .transform((raw) => ({ account: raw.address, hash: raw.transactionHash, block_hash: raw.blockHash }))

/** The head of a block without its transactions. */
export const header = z.object({
  number: smallQuantity,
  hash: blockHash,
  timestamp: blockTime.nullish(),
  baseFeePerGas: quantity.nullish(),
  gasLimit: quantity,
  gasUsed: quantity,
})

/** Any number is well-formed here: whoever sent it may have written what he liked, and the block is a block all the same. */
const authorization = z
  .object({
    chainId: quantity,
    address,
    nonce: quantity,
    yParity: quantity.nullish(),
    /** As the parity was called before. */
    v: quantity.nullish(),
    r: quantity,
    s: quantity,
  })
  .transform(({ v, yParity, ...tuple }): AuthorizationTuple => ({ ...tuple, yParity: yParity ?? v ?? 0n }))

const transaction = z.object({
  hash: txHash,
  from: address,
  nonce: smallQuantity,
  to: address.nullish(),
  value: quantity,
  chainId: quantity.nullish(),
  authorizationList: z.array(authorization).nullish(),
})

/** A block with its transactions in full: hashes in their place are malformed. */
export const block = z
  .object({
    number: smallQuantity,
    hash: blockHash,
    parentHash: blockHash,
    timestamp: blockTime,
    baseFeePerGas: quantity.nullish(),
    transactions: z.array(transaction),
  })
  .transform(
    (raw): SignedBlock => ({
      number: raw.number,
      hash: raw.hash,
      parent_hash: raw.parentHash,
      at: unixMs(raw.timestamp * SECOND_MS),
      base_fee_per_gas: raw.baseFeePerGas ?? null,
      transactions: raw.transactions.map(
        ({ hash, from, nonce, to = null, value, chainId = null, authorizationList }) => {
          return { hash, from, nonce, to, value, chainId, tuples: authorizationList ?? [] }
        },
      ),
    }),
  )

/** Enough to find a receipt among those of a block; the others are not looked at. */
export const receiptHash = z.looseObject({ transactionHash: txHash })

const log = z.object({ address, topics: z.array(hex).max(4), data: hex })

export const receipt = z
  .object({
    transactionHash: txHash,
    blockNumber: smallQuantity,
    blockHash,
    status: z.enum(['0x0', '0x1']),
    gasUsed: gas,
    effectiveGasPrice: gasPrice,
    to: address.nullish(),
    logs: z.array(log),
  })
  .transform(
    (raw): Receipt => ({
      hash: raw.transactionHash,
      block_number: raw.blockNumber,
      block_hash: raw.blockHash,
      status: raw.status === '0x1' ? 'success' : 'reverted',
      gas_used: raw.gasUsed,
      effective_gas_price: raw.effectiveGasPrice,
      logs: evidenceLogs(raw.logs, raw.to ?? null),
    }),
  )

/**
 * In the block's order. When there are too many, those of the contract that was called go first: a flood of another
 * contract's logs must not push the evidence out and make a done transfer look undone.
 */
function evidenceLogs(logs: readonly Log[], called: Address | null): readonly Log[] {
  const evidence = logs.filter(({ topics: [topic] }) => topic !== undefined && EVIDENCE_TOPICS.has(topic))
  if (evidence.length <= MOST_EVIDENCE_LOGS) return evidence.map(shortened)
  const own = evidence.filter((entry) => entry.address === called)
  const others = evidence.filter((entry) => entry.address !== called)
  const kept = new Set([...own, ...others].slice(0, MOST_EVIDENCE_LOGS))
  return evidence.filter((entry) => kept.has(entry)).map(shortened)
}

function shortened(entry: Log): Log {
  const data = entry.data.slice(0, '0x'.length + 2 * MOST_LOG_DATA_BYTES)
  return isHex(data) ? { ...entry, data } : entry
}

/** `baseFeePerGas` has one element more than there are blocks: the next block's. */
export const feeHistory = z.object({
  baseFeePerGas: z.array(quantity).min(1),
  /** Some nodes leave it out, or have none of old blocks. */
  gasUsedRatio: z.array(z.number().nullable()).nullish(),
  reward: z.array(z.array(quantity)).nullish(),
})

/** A value of `schema`, or which place of `what` was not. */
export function checked<T>(what: string, schema: z.ZodType<T>, value: unknown): NodeResult<T> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return ok(parsed.data)
  const place = parsed.error.issues[0]?.path.join('.')
  return err({ reason: 'malformed', detail: place ? `${what}: ${place}` : what })
}
