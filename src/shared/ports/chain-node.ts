// One JSON-RPC endpoint of a chain. Its answers are parsed and checked; what it says may still be late or a lie,
// and the callers treat it so. No broadcast is retried here: who asks knows whether handing out again is safe.

import type { BroadcastOutcome } from '../broadcast/outcome.ts'
import type { Address } from '../chain/address.ts'
import type { Block, BlockRef } from '../chain/block.ts'
import type { BlockHash, TxHash } from '../chain/hash.ts'
import type { Receipt } from '../chain/receipt.ts'
import type { ToldFees } from '../fees/fee-market.ts'
import type { Hex } from '../lib/hex.ts'
import type { Result } from '../lib/result.ts'
import type { SignerAccount, SignerQuery } from '../signer/account/account.ts'

/** Why a read gave nothing. `rpc` is a verdict of the node; `held_back`: nothing was sent; the others are about the endpoint. */
export type NodeFailure =
  | { readonly reason: 'timeout' }
  | { readonly reason: 'unreachable'; readonly detail: string }
  | { readonly reason: 'rate_limited'; readonly retry_after_ms: number | null }
  | { readonly reason: 'http'; readonly status: number; readonly retry_after_ms?: number }
  | { readonly reason: 'malformed'; readonly detail: string }
  | { readonly reason: 'held_back'; readonly why: HeldBack }
  | { readonly reason: 'rpc'; readonly code: number; readonly message: string; readonly data: string | null }

/** By its breaker, because it asked for it, with as much under way as it bears, or by its rate. */
export type HeldBack = 'breaker' | 'pause' | 'limit' | 'rate'

export type NodeResult<T> = Result<T, NodeFailure>

export interface ChainNode {
  /** A name for logs and records: never the URL, which carries a token. */
  readonly name: string
  /** Who runs it: endpoints of one operator are one voice. */
  readonly operator: string
  /** Milliseconds after which an answer of this one is late, as measured; not there: nobody measures. */
  readonly lateAfterMs?: number

  /** The head with its transactions and, where the node has the tag, the finalized block: one round trip. */
  heads(): Promise<NodeResult<{ readonly head: Block; readonly finalized: BlockRef | null }>>
  blockByHash(hash: BlockHash): Promise<NodeResult<Block | null>>
  /** `finalized`: what the node calls so; null where it has no such tag. */
  blockByNumber(at: number | 'finalized'): Promise<NodeResult<BlockRef | null>>
  /** Receipts of `hashes`, all in the block `hash`. Fails as malformed when one is missing or of another block. */
  receipts(block: BlockRef, hashes: readonly TxHash[]): Promise<NodeResult<readonly Receipt[]>>
  /** Batches that the code of these accounts says it has run in this block, in its order. */
  batchLogs(
    block: BlockRef,
    accounts: readonly Address[],
  ): Promise<NodeResult<readonly { readonly account: Address; readonly hash: TxHash }[]>>
  /** The account's next nonce after this block. */
  nonceAfter(account: Address, block: BlockHash): Promise<NodeResult<number>>
  signerAccount(query: SignerQuery): Promise<NodeResult<SignerAccount>>
  /** Of this many blocks up to the head; where there are no base fees, or no history of them, the gas price. */
  fees(blocks: number): Promise<NodeResult<ToldFees>>
  /** eth_chainId, to refuse an endpoint of another chain. */
  chainReference(): Promise<NodeResult<number>>
  /** eth_sendRawTransaction, once. `hash` is ours, computed before: another answer is UNCLEAR. */
  broadcast(raw: Hex, hash: TxHash): Promise<BroadcastOutcome>
}
