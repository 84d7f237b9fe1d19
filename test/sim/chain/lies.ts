// What a lying endpoint makes of an honest answer. It lies about one thing at a time, as a broken, hostile or confused node
// does. The hash of the first block is not lied about: which chain a deployment is for is the word of who configured it.

import { BROADCAST_CLASSES, type BroadcastClass } from '../../../src/shared/broadcast/outcome.ts'
import type { Block, BlockRef } from '../../../src/shared/chain/block.ts'
import type { Receipt } from '../../../src/shared/chain/receipt.ts'
import { unixMs } from '../../../src/shared/lib/time.ts'
import type { SignerAccount } from '../../../src/shared/signer/account/account.ts'
import type { Stream } from '../chance.ts'
import { blockHashFrom, toldOf } from './chain.ts'
import type { Transaction } from './transaction.ts'

export type Heads = { readonly head: Block; readonly finalized: BlockRef | null }

/** Blocks that exist only for it. */
export class Fabrications {
  readonly #blocks = new Map<string, { readonly block: Block; readonly receipts: readonly Receipt[] }>()

  get(hash: string): { readonly block: Block; readonly receipts: readonly Receipt[] } | undefined {
    return this.#blocks.get(hash)
  }

  /** A block on top that holds these transactions, all of them successes. */
  forge(parent: Block, transactions: readonly Transaction[]): Block {
    const number = parent.number + 1
    const hash = blockHashFrom(`forged ${parent.hash} ${this.#blocks.size}`)
    const block: Block = {
      number,
      hash,
      parent_hash: parent.hash,
      at: unixMs(parent.at),
      base_fee_per_gas: parent.base_fee_per_gas,
      transactions: transactions.map(toldOf),
    }
    const receipts = transactions.map(({ hash: tx }) => ({
      hash: tx,
      block_number: number,
      block_hash: hash,
      status: 'success' as const,
      gas_used: 21_000n,
      effective_gas_price: 1n,
      logs: [],
    }))
    this.#blocks.set(hash, { block, receipts })
    return block
  }
}

export function falseHeads(
  { head, finalized }: Heads,
  stream: Stream,
  forge: (parent: Block) => Block,
): Heads {
  switch (stream.below(3)) {
    case 0:
      // What it calls final is the parent of its head.
      return { head, finalized: { number: head.number - 1, hash: head.parent_hash } }
    case 1:
      return { head: forge(head), finalized }
    default:
      return { head: { ...head, transactions: [] }, finalized }
  }
}

export function falseReceipt(receipt: Receipt): Receipt {
  const status = receipt.status === 'success' ? 'reverted' : 'success'
  return { ...receipt, status, logs: [] }
}

export function falseAccount(account: SignerAccount, stream: Stream): SignerAccount {
  switch (stream.below(5)) {
    case 0:
      return { ...account, latest_nonce: account.latest_nonce + 3, pending_nonce: account.pending_nonce + 3 }
    case 1:
      return { ...account, latest_nonce: 0, pending_nonce: 0 }
    case 2:
      return { ...account, balance: 0n }
    case 3:
      return { ...account, fees: { next_base_fee: 1_000n, priority_fee: 50n } }
    default: {
      const message = 'execution reverted'
      return { ...account, estimates: account.estimates.map(() => ({ ok: false, reverted: true, message })) }
    }
  }
}

export function falseVerdict(stream: Stream): BroadcastClass {
  return stream.pick(BROADCAST_CLASSES)
}
