// The simulated chain as it truly is: a tree of blocks of which one branch counts, and how far that can not be undone.

import type { Block, BlockRef, BlockTransaction } from '../../../src/shared/chain/block.ts'
import { type BlockHash, isBlockHash, type TxHash } from '../../../src/shared/chain/hash.ts'
import type { Receipt } from '../../../src/shared/chain/receipt.ts'
import { assert, assertDefined } from '../../../src/shared/lib/assert.ts'
import { sha256Hex } from '../../../src/shared/lib/sha256.ts'
import { unixMs } from '../../../src/shared/lib/time.ts'
import { Ledger } from './ledger.ts'
import type { Transaction } from './transaction.ts'

export type SimBlock = BlockRef & {
  readonly parent: SimBlock | null
  readonly parent_hash: BlockHash
  readonly minedAt: number
  readonly baseFee: bigint
  readonly transactions: readonly Transaction[]
  readonly receipts: ReadonlyMap<TxHash, Receipt>
  /** After its transactions. */
  readonly ledger: Ledger
  /** As a node tells it. */
  readonly told: Block
}

/** Wei per unit of gas when nothing is the matter. */
export const CALM_BASE_FEE = 10n

export class SimChain {
  /** Blocks under the head that can still be undone. */
  readonly depth: number
  /** Of each block, as nodes tell it: blocks take what is there. */
  readonly gasLimit: bigint
  readonly #byHash = new Map<BlockHash, SimBlock>()
  #head: SimBlock
  /** Height up to which nothing is ever undone. */
  finalized = 0
  baseFee = CALM_BASE_FEE
  /** Places of a batch whose steps fail in the block that is made. */
  spoiledIn: ((transaction: Transaction) => ReadonlySet<number>) | null = null
  /** Told of every block that joins the branch that counts, and of every change of it. */
  onHead: ((head: SimBlock, removed: readonly SimBlock[]) => void) | null = null

  constructor(depth: number, gasLimit: bigint, genesis: Ledger, height: number) {
    this.depth = depth
    this.gasLimit = gasLimit
    this.#head = this.#make(null, [], 0, genesis)
    for (let number = 1; number <= height; number++) this.mine([], 0)
  }

  get head(): SimBlock {
    return this.#head
  }

  byHash(hash: BlockHash): SimBlock | null {
    return this.#byHash.get(hash) ?? null
  }

  /** In the branch that ends in `tip`. */
  at(number: number, tip: SimBlock = this.#head): SimBlock | null {
    let block: SimBlock | null = tip
    while (block !== null && block.number > number) block = block.parent
    return block?.number === number ? block : null
  }

  has({ number, hash }: BlockRef): boolean {
    return this.at(number)?.hash === hash
  }

  /** The block of the counting branch that holds the transaction. */
  blockOf(hash: TxHash, tip: SimBlock = this.#head): SimBlock | null {
    for (let block: SimBlock | null = tip; block !== null; block = block.parent) {
      if (block.receipts.has(hash)) return block
    }
    return null
  }

  mine(transactions: readonly Transaction[], at: number): SimBlock {
    this.#head = this.#make(this.#head, transactions, at)
    this.#settle([])
    return this.#head
  }

  /** The last `depth` blocks are undone, and these come in their place. */
  reorg(depth: number, blocks: readonly (readonly Transaction[])[], at: number): readonly SimBlock[] {
    const removed: SimBlock[] = []
    let tip = this.#head
    for (let count = 0; count < depth; count++) {
      removed.push(tip)
      tip = assertDefined(tip.parent, 'a reorg leaves the first block')
    }
    assert(tip.number >= this.finalized, 'what is final is not undone')
    for (const transactions of blocks) tip = this.#make(tip, transactions, at)
    this.#head = tip
    this.#settle(removed)
    return removed
  }

  #settle(removed: readonly SimBlock[]): void {
    this.finalized = Math.max(this.finalized, this.#head.number - this.depth)
    this.onHead?.(this.#head, removed)
  }

  /** Only what fits: the rest was not valid there. */
  #make(
    parent: SimBlock | null,
    wanted: readonly Transaction[],
    at: number,
    genesis: Ledger = new Ledger(),
  ): SimBlock {
    const number = parent === null ? 0 : parent.number + 1
    const parent_hash = parent?.hash ?? blockHashFrom('before the first')
    const hash = blockHashFrom(`${parent_hash} ${number} ${this.#byHash.size}`)
    const ledger = parent === null ? genesis : new Ledger(parent.ledger)
    const receipts = new Map<TxHash, Receipt>()
    const transactions: Transaction[] = []
    for (const transaction of wanted) {
      if (!ledger.takes(transaction) || transaction.max_fee_per_gas < this.baseFee) continue
      const isMoody = (transaction.hash.charCodeAt(5) + hash.charCodeAt(5)) % 4 === 0
      const spoiled = this.spoiledIn?.(transaction) ?? new Set()
      const execution = ledger.execute(transaction, this.baseFee, { isMoody, spoiled, at })
      receipts.set(transaction.hash, {
        hash: transaction.hash,
        block_number: number,
        block_hash: hash,
        ...execution,
      })
      transactions.push(transaction)
    }
    const told: Block = {
      number,
      hash,
      parent_hash,
      at: unixMs(at),
      base_fee_per_gas: this.baseFee,
      transactions: transactions.map(toldOf),
    }
    const block: SimBlock = {
      number,
      hash,
      parent,
      parent_hash,
      minedAt: at,
      baseFee: this.baseFee,
      transactions,
      receipts,
      ledger,
      told,
    }
    this.#byHash.set(hash, block)
    return block
  }
}

/** As a node tells it. */
export function toldOf(transaction: Transaction): BlockTransaction {
  const { hash, from, nonce, to, value, authorization, carried } = transaction
  const own = authorization === null ? [] : [{ authority: from, nonce: authorization.nonce }]
  const others = carried === null ? [] : [{ authority: carried.authority, nonce: carried.nonce }]
  const authorizations = [...own, ...others]
  return { hash, from, nonce, to, value, authorizations }
}

export function blockHashFrom(text: string): BlockHash {
  const hash = `0x${sha256Hex(text)}`
  assert(isBlockHash(hash), 'a hash is a hash')
  return hash
}
