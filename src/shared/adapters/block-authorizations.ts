// Who signed the authorizations in a block (EIP-7702): the chain does not say, the signatures do.

import { secp256k1 } from '@noble/curves/secp256k1'
import { toHex } from 'viem'
import { recoverAuthorizationAddress } from 'viem/utils'
import { type Address, isAddress } from '../chain/address.ts'
import type { Block, BlockAuthorization, BlockTransaction } from '../chain/block.ts'

/** As it stands in a transaction; any number may, also one that makes it count for nothing. */
export type AuthorizationTuple = {
  readonly chainId: bigint
  readonly address: Address
  readonly nonce: bigint
  readonly yParity: bigint
  readonly r: bigint
  readonly s: bigint
}

type SignedTransaction = Omit<BlockTransaction, 'authorizations'> & {
  readonly chainId: bigint | null
  readonly tuples: readonly AuthorizationTuple[]
}
export type SignedBlock = Omit<Block, 'transactions'> & {
  readonly transactions: readonly SignedTransaction[]
}

/**
 * Of one block, the first in its order; each takes about a millisecond of computing, and a stranger may fill a block with
 * them. Those beyond are left out: that a block has none of an account does not prove that its nonce was not moved.
 */
export const AUTHORIZATIONS_MOST = 64

/** Tuples that count on no chain or another one, or that nobody signed, are left out. */
export async function withAuthorities({ transactions, ...block }: SignedBlock): Promise<Block> {
  let left = AUTHORIZATIONS_MOST
  const read: BlockTransaction[] = []
  for (const { chainId, tuples, ...transaction } of transactions) {
    const own = tuples.filter((tuple) => couldCount(tuple, chainId)).slice(0, left)
    left -= own.length
    const authorizations = (await Promise.all(own.map(authorized))).filter((one) => one !== null)
    read.push({ ...transaction, authorizations })
  }
  return { ...block, transactions: read }
}

/** `chainId`: of the transaction, and so of the chain that it is in. Zero counts on every chain. */
function couldCount({ chainId, nonce, yParity, s }: AuthorizationTuple, own: bigint | null): boolean {
  const isHere = chainId === 0n || (chainId === own && chainId <= Number.MAX_SAFE_INTEGER)
  return isHere && nonce <= Number.MAX_SAFE_INTEGER && yParity <= 1n && s <= secp256k1.CURVE.n / 2n
}

async function authorized({
  chainId,
  address,
  nonce,
  yParity,
  r,
  s,
}: AuthorizationTuple): Promise<BlockAuthorization | null> {
  const authorization = {
    chainId: Number(chainId),
    address,
    nonce: Number(nonce),
    yParity: Number(yParity),
    r: toHex(r, { size: 32 }),
    s: toHex(s, { size: 32 }),
  }
  const signer = await recoverAuthorizationAddress({ authorization }).catch(() => null)
  const authority = signer?.toLowerCase() ?? ''
  return isAddress(authority) ? { authority, nonce: authorization.nonce } : null
}
