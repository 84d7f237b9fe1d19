// Where a block uses up nonces of watched accounts: by their transactions, and by authorizations (EIP-7702) that anybody
// may have brought.

import type { Address } from '../../shared/chain/address.ts'
import type { Block } from '../../shared/chain/block.ts'
import type { TxHash } from '../../shared/chain/hash.ts'
import type { ChainNode, NodeResult } from '../../shared/ports/chain-node.ts'

/** `to` and `value` are those of the account's own transaction. */
export type AccountUse = {
  readonly account: Address
  readonly nonce: number
  readonly hash: TxHash
  readonly to: Address | null
  readonly value: bigint
  /** Whose transaction it is, where the account only had a batch brought by it. */
  readonly by?: Address
}

export type Wanted = {
  readonly watched: ReadonlyMap<Address, unknown>
  /** Batches of theirs may be brought by others (chain/SPEC.md, C20). */
  readonly isBrought: boolean
}

/**
 * The chain passes over an authorization whose nonce is not the next one, and does not say so. It took one where the account
 * is beyond that nonce after the block, and nothing else used the nonce: in the same block, or (`isKnown`) in one before.
 */
export async function accountUses(
  node: ChainNode,
  block: Block,
  { watched, isBrought }: Wanted,
  isKnown: (account: Address, nonce: number) => boolean,
): Promise<NodeResult<readonly AccountUse[]>> {
  const uses: AccountUse[] = []
  for (const { from, nonce, hash, to, value } of block.transactions) {
    if (watched.has(from)) uses.push({ account: from, nonce, hash, to, value })
  }
  for (const { hash, authorizations } of block.transactions) {
    for (const { authority: account, nonce } of authorizations) {
      if (!watched.has(account) || isKnown(account, nonce)) continue
      if (uses.some((use) => use.account === account && use.nonce === nonce)) continue
      const after = await node.nonceAfter(account, block.hash)
      if (!after.ok) return after
      if (after.value > nonce) uses.push({ account, nonce, hash, to: null, value: 0n })
    }
  }
  const brought = isBrought ? await broughtIn(node, block, watched) : null
  if (brought?.ok === false) return brought
  return { ok: true, value: [...uses, ...(brought?.value ?? [])] }
}

/**
 * By the log of the account's own code, not by whom a transaction calls: whoever saw the signature may bring it, from a
 * contract of his own as well.
 */
async function broughtIn(
  node: ChainNode,
  block: Block,
  watched: ReadonlyMap<Address, unknown>,
): Promise<NodeResult<readonly AccountUse[]>> {
  if (block.transactions.length === 0) return { ok: true, value: [] }
  const logs = await node.batchLogs(block, [...watched.keys()])
  if (!logs.ok) return logs
  const uses: AccountUse[] = []
  for (const { account, hash } of logs.value) {
    const sent = block.transactions.find((one) => one.hash === hash)
    if (sent === undefined) return gone(hash)
    const isTold = uses.some((use) => use.account === account && use.hash === hash)
    if (sent.from === account || isTold || !watched.has(account)) continue
    const { nonce, to, value, from: by } = sent
    uses.push({ account, nonce, hash, to, value, by })
  }
  return { ok: true, value: uses }
}

function gone(hash: string): NodeResult<never> {
  return { ok: false, error: { reason: 'malformed', detail: `${hash} is not in its block` } }
}
