// One JSON-RPC endpoint of a chain. Its answers are parsed and checked; what it says may still be late or a lie,
// and the callers treat it so. Nothing here is retried: who asks knows whether asking again is safe.

import type { BroadcastOutcome } from '../broadcast/outcome.ts'
import type { Address } from '../chain/address.ts'
import type { Block, BlockRef } from '../chain/block.ts'
import type { BlockHash, TxHash } from '../chain/hash.ts'
import type { Receipt } from '../chain/receipt.ts'
import type { Hex } from '../lib/hex.ts'
import type { Result } from '../lib/result.ts'

/** Why a read gave nothing. `rpc` is a verdict of the node; the others are about the endpoint. */
export type NodeFailure =
  | { readonly reason: 'timeout' }
  | { readonly reason: 'unreachable'; readonly detail: string }
  | { readonly reason: 'rate_limited'; readonly retry_after_ms: number | null }
  | { readonly reason: 'http'; readonly status: number }
  | { readonly reason: 'malformed'; readonly detail: string }
  | { readonly reason: 'rpc'; readonly code: number; readonly message: string; readonly data: string | null }

export type NodeResult<T> = Result<T, NodeFailure>

/** A contract call that costs nothing. */
export type CallRequest = {
  readonly from: Address
  readonly to: Address
  readonly data: Hex
  readonly value: bigint
}

/** What the planner wants to know of one step before it spends a slot on it. */
export type GasEstimate =
  | { readonly ok: true; readonly gas: bigint }
  | { readonly ok: false; readonly reverted: boolean; readonly message: string }

/** What a signer asks before it plans, in one round trip. */
export type SignerQuery = {
  readonly address: Address
  /** Tokens whose balance the signer needs to know. */
  readonly tokens: readonly Address[]
  readonly estimates: readonly CallRequest[]
}

export type SignerAccount = {
  readonly at: BlockRef
  /** Wei at `latest`. */
  readonly balance: bigint
  /** Transactions of the account in blocks, and with those the node keeps pending. */
  readonly latest_nonce: number
  readonly pending_nonce: number
  /** Base units; null: nothing that answers like a token lives there. */
  readonly token_balances: readonly (bigint | null)[]
  readonly estimates: readonly GasEstimate[]
  readonly fees: FeeSuggestion
}

/** Wei per unit of gas. */
export type FeeSuggestion = { readonly next_base_fee: bigint; readonly priority_fee: bigint }

export interface ChainNode {
  /** A name for logs and records: never the URL, which carries a token. */
  readonly name: string
  /** Who runs it: endpoints of one operator are one voice. */
  readonly operator: string

  /** The head with its transactions and, where the node has the tag, the finalized block: one round trip. */
  heads(): Promise<NodeResult<{ readonly head: Block; readonly finalized: BlockRef | null }>>
  blockByHash(hash: BlockHash): Promise<NodeResult<Block | null>>
  blockByNumber(number: number): Promise<NodeResult<BlockRef | null>>
  /** Receipts of `hashes`, all in the block `hash`. Fails as malformed when one is missing or of another block. */
  receipts(block: BlockRef, hashes: readonly TxHash[]): Promise<NodeResult<readonly Receipt[]>>
  signerAccount(query: SignerQuery): Promise<NodeResult<SignerAccount>>
  /** eth_chainId, to refuse an endpoint of another chain. */
  chainReference(): Promise<NodeResult<number>>
  /** eth_sendRawTransaction, once. `hash` is ours, computed before: another answer is UNCLEAR. */
  broadcast(raw: Hex, hash: TxHash): Promise<BroadcastOutcome>
}
