// A chain as it is, without any cleverness: a tree of blocks of which one branch counts. What the code under test works
// out step by step can be read off it at once.

import type { Address } from '../../src/shared/chain/address.ts'
import type { Block, BlockRef } from '../../src/shared/chain/block.ts'
import type { BlockHash, TxHash } from '../../src/shared/chain/hash.ts'
import type { Inclusion } from '../../src/shared/chain/receipt.ts'
import { unixMs } from '../../src/shared/lib/time.ts'
import { blockHashOf } from './domain-values.ts'

export type MinedTransaction = {
  readonly from: Address
  readonly nonce: number
  readonly hash: TxHash
  readonly to: Address | null
  readonly value: bigint
  readonly gas_used: bigint
  readonly effective_gas_price: bigint
}

type ChainBlock = BlockRef & {
  readonly parent_hash: BlockHash
  readonly transactions: readonly MinedTransaction[]
}

export class NaiveChain {
  /** The branch that counts, by height. */
  #branch: ChainBlock[] = []
  readonly #byHash = new Map<BlockHash, ChainBlock>()

  constructor() {
    this.mine([])
  }

  get head(): Block {
    return this.blockAt(this.#branch.length - 1)
  }

  mine(transactions: readonly MinedTransaction[]): Block {
    const parent = this.#branch.at(-1)
    const block = {
      number: this.#branch.length,
      hash: blockHashOf(this.#byHash.size + 1),
      parent_hash: parent?.hash ?? blockHashOf(0),
      transactions,
    }
    this.#branch.push(block)
    this.#byHash.set(block.hash, block)
    return toBlock(block)
  }

  /** Undoes the last blocks; what was in them is nowhere. */
  undo(count: number): readonly MinedTransaction[] {
    const undone = this.#branch.splice(this.#branch.length - count, count)
    return undone.flatMap(({ transactions }) => transactions)
  }

  /** Of the branch that counts. */
  blockAt(number: number): Block {
    const block = this.#branch[number]
    if (block === undefined) throw new Error(`block ${number} is there`)
    return toBlock(block)
  }

  /** Of any branch, as long as a node remembers it. */
  blockByHash(hash: BlockHash): Block {
    const block = this.#byHash.get(hash)
    if (block === undefined) throw new Error(`block ${hash} is there`)
    return toBlock(block)
  }

  refAt(number: number): BlockRef {
    const { hash } = this.blockAt(number)
    return { number, hash }
  }

  /** Whether the block stands in the branch that counts. */
  has({ number, hash }: BlockRef): boolean {
    return this.#branch[number]?.hash === hash
  }

  /** An account's transactions in the branch, in the order of its nonces. */
  inclusionsOf(account: Address, from = 0): readonly Inclusion[] {
    return this.#branch.slice(from).flatMap((block) => inclusionsIn(block, account))
  }

  inclusionsIn(hash: BlockHash, account: Address): readonly Inclusion[] {
    const block = this.#byHash.get(hash)
    return block === undefined ? [] : inclusionsIn(block, account)
  }

  /** What the account has paid in the branch: values and gas. */
  spentBy(account: Address): bigint {
    const mined = this.#branch.flatMap(({ transactions }) => transactions)
    return mined
      .filter(({ from }) => from === account)
      .reduce(
        (sum, { value, gas_used, effective_gas_price }) => sum + value + gas_used * effective_gas_price,
        0n,
      )
  }
}

function inclusionsIn({ number, hash, transactions }: ChainBlock, account: Address): readonly Inclusion[] {
  return transactions
    .filter(({ from }) => from === account)
    .map(({ nonce, to, value, hash: transaction, gas_used, effective_gas_price }) => ({
      nonce,
      to,
      value,
      receipt: {
        hash: transaction,
        block_number: number,
        block_hash: hash,
        status: 'success',
        gas_used,
        effective_gas_price,
        logs: [],
      },
    }))
}

function toBlock({ number, hash, parent_hash, transactions }: ChainBlock): Block {
  return {
    number,
    hash,
    parent_hash,
    at: unixMs(number * 1_000),
    base_fee_per_gas: 9n,
    transactions: transactions.map(({ hash: transaction, from, nonce, to, value }) => {
      return { hash: transaction, from, nonce, to, value, authorizations: [] }
    }),
  }
}
