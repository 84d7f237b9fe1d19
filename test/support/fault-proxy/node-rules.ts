// What real nodes refuse and Anvil takes: rules of the pool (geth's numbers and texts), each of which can be switched
// off. Refusals of Anvil's own come out in geth's words, so that a test reads one language.

import { parseTransaction, recoverTransactionAddress, type TransactionSerialized } from 'viem'
import { z } from 'zod'
import { authorityOf, type Pool, type PooledTransaction, poolOf } from './pool.ts'
import { GETH_CODE } from './refusals.ts'
import { quantity, type RpcError, type Upstream } from './rpc.ts'
import type { SentBytes } from './sent-bytes.ts'

/** Percent of the fees before that a replacement must exceed, strictly; of blob transactions all fees double. */
const BUMP_PERCENT = 110n
const BLOB_BUMP_PERCENT = 200n
/** geth: slots of 32 KiB, four per transaction. */
const TRANSACTION_MAX_BYTES = 131_072
/** EIP-7825. */
const GAS_LIMIT_MAX = 16_777_216n
/** geth's --txpool.accountqueue: transactions of one account above a gap; the highest are thrown away in silence. */
const QUEUED_MAX = 64
/** Code of an account that delegates by EIP-7702. */
const DELEGATION_PREFIX = '0xef0100'

export type NodeRule = 'replacement' | 'delegated' | 'queued' | 'size' | 'gas_limit' | 'texts'
export const NODE_RULES: readonly NodeRule[] = [
  'replacement',
  'delegated',
  'queued',
  'size',
  'gas_limit',
  'texts',
]

/** `drop`: answered as taken, and thrown away. */
export type RuleVerdict = { readonly rule: NodeRule } & (
  | { readonly verdict: 'refuse'; readonly error: RpcError }
  | { readonly verdict: 'drop' }
)

/** Null: this node would take it. */
export async function ruleOn(
  { raw, hash }: SentBytes,
  rules: ReadonlySet<NodeRule>,
  upstream: Upstream,
): Promise<RuleVerdict | null> {
  const bytes = (raw.length - 2) / 2
  if (rules.has('size') && bytes > TRANSACTION_MAX_BYTES) {
    return refuse('size', `oversized data: transaction size ${bytes}, limit ${TRANSACTION_MAX_BYTES}`)
  }
  const transaction = await readTransaction(raw)
  // What cannot be read, the node behind says in its own words.
  if (transaction === null) return null
  if (rules.has('gas_limit') && transaction.gas > GAS_LIMIT_MAX) {
    return refuse(
      'gas_limit',
      `transaction gas limit too high (cap: ${GAS_LIMIT_MAX}, tx: ${transaction.gas})`,
    )
  }
  const next = await upstream.ask(quantity, 'eth_getTransactionCount', transaction.sender, 'latest')
  const { nonce } = transaction
  if (nonce < next) {
    return rules.has('texts') ? refuse('texts', `nonce too low: next nonce ${next}, tx nonce ${nonce}`) : null
  }
  const pool = await poolOf(upstream, transaction.sender)
  const held = [...pool.pending, ...pool.queued].find((other) => other.nonce === nonce)
  if (held?.hash === hash) return rules.has('texts') ? refuse('texts', 'already known') : null
  if (rules.has('delegated')) {
    const error = await delegationLimit(transaction, next, pool, upstream)
    if (error !== null) return refuse('delegated', error)
  }
  if (rules.has('replacement') && held !== undefined && !isAbove(transaction, held)) {
    return refuse('replacement', 'replacement transaction underpriced')
  }
  const isGapped = nonce > next + pool.pending.length
  if (rules.has('queued') && isGapped && held === undefined && pool.queued.length >= QUEUED_MAX) {
    return { rule: 'queued', verdict: 'drop' }
  }
  return null
}

type SentTransaction = Pick<PooledTransaction, 'nonce' | 'maxFee' | 'priorityFee' | 'blobFee'> & {
  readonly sender: string
  readonly gas: bigint
  readonly authorities: readonly string[]
}

async function readTransaction(raw: SentBytes['raw']): Promise<SentTransaction | null> {
  try {
    if (!isSerialized(raw)) return null
    const transaction = parseTransaction(raw)
    const sender = await recoverTransactionAddress({ serializedTransaction: raw })
    const fees = bigFees.parse(transaction)
    const { authorizationList = [] } = transaction.type === 'eip7702' ? transaction : {}
    return {
      sender: sender.toLowerCase(),
      nonce: transaction.nonce ?? 0,
      gas: transaction.gas ?? 0n,
      maxFee: fees.maxFeePerGas ?? fees.gasPrice ?? 0n,
      priorityFee: fees.maxPriorityFeePerGas ?? fees.gasPrice ?? 0n,
      blobFee: fees.maxFeePerBlobGas ?? null,
      authorities: await Promise.all(authorizationList.map((tuple) => authorityOf(tuple))),
    }
  } catch {
    return null
  }
}

/** By the first byte: an EIP-2718 type, or the list of a legacy transaction. */
function isSerialized(raw: SentBytes['raw']): raw is TransactionSerialized {
  return /^0x(?:0[1-4]|[c-f])/i.test(raw)
}

const bigFees = z.looseObject({
  gasPrice: z.bigint().optional(),
  maxFeePerGas: z.bigint().optional(),
  maxPriorityFeePerGas: z.bigint().optional(),
  maxFeePerBlobGas: z.bigint().optional(),
})

/** geth, LegacyPool.checkDelegationLimit and validateAuth; null: within it. */
async function delegationLimit(
  { sender, nonce, authorities }: SentTransaction,
  next: number,
  pool: Pool,
  upstream: Upstream,
): Promise<string | null> {
  for (const authority of authorities) {
    if (authority === sender) continue
    const { pending, queued } = await poolOf(upstream, authority)
    if (pending.length + queued.length > 1) return 'authority already reserved'
  }
  const code = await upstream.ask(z.string(), 'eth_getCode', sender, 'latest')
  const isDelegated = code.startsWith(DELEGATION_PREFIX) || pool.authorities.has(sender)
  if (!isDelegated) return null
  const [first] = pool.pending
  if (first === undefined) {
    return nonce === next ? null : 'gapped-nonce tx from delegated accounts'
  }
  if (pool.pending.some((other) => other.nonce === nonce)) return null
  return 'in-flight transaction limit reached for delegated accounts'
}

function isAbove(transaction: SentTransaction, held: PooledTransaction): boolean {
  const percent = held.blobFee === null ? BUMP_PERCENT : BLOB_BUMP_PERCENT
  const exceeds = (fee: bigint, before: bigint) => fee * 100n > before * percent
  const isBlobAbove =
    held.blobFee === null || (transaction.blobFee !== null && exceeds(transaction.blobFee, held.blobFee))
  return (
    isBlobAbove &&
    exceeds(transaction.maxFee, held.maxFee) &&
    exceeds(transaction.priorityFee, held.priorityFee)
  )
}

function refuse(rule: NodeRule, message: string): RuleVerdict {
  return { rule, verdict: 'refuse', error: { code: GETH_CODE, message } }
}
