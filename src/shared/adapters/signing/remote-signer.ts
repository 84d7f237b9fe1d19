// A signer behind JSON-RPC that is handed the whole transaction (`eth_signTransaction`), as Web3Signer and nodes with
// unlocked accounts are. What it gives back must be the very bytes that this transaction has with this account's signature.

import { parseTransaction, toHex } from 'viem'
import { z } from 'zod'
import type { Address } from '../../chain/address.ts'
import { chainReference } from '../../chain/chain-id.ts'
import { type Hex, isHex } from '../../lib/hex.ts'
import { err, ok, type Result } from '../../lib/result.ts'
import type { NodeFailure } from '../../ports/chain-node.ts'
import type {
  SignedTransaction,
  SigningFailure,
  TransactionSigner,
  UnsignedBatch,
  UnsignedTransaction,
} from '../../ports/transaction-signer.ts'
import { type Fetch, JsonRpcClient } from '../json-rpc.ts'
import { hasOnePrice, ofAccount, signByDigest } from './transaction-bytes.ts'

export const remoteSignerAccess = z.strictObject({
  url: z.url({ protocol: /^https?$/ }),
  /** Of each request, such as `authorization`. */
  headers: z.record(z.string(), z.string()).default({}),
})
export type RemoteSignerAccess = z.infer<typeof remoteSignerAccess>

const SERVICE = 'the remote signer'
const NO_AUTHORIZATIONS: SigningFailure = {
  reason: 'refused',
  detail: `${SERVICE} cannot sign authorizations (EIP-7702): JSON-RPC has no method for it`,
}
const NO_BATCHES: SigningFailure = {
  reason: 'refused',
  detail: `${SERVICE} is not asked to sign batches for others to bring`,
}
/** Web3Signer gives the bytes, geth an object that holds them. */
const answerSchema = z.union([z.string(), z.object({ raw: z.string() }).transform(({ raw }) => raw)])

export class RemoteSigner implements TransactionSigner {
  readonly #accounts: ReadonlySet<Address>
  readonly #client: JsonRpcClient

  constructor({ url, headers }: RemoteSignerAccess, accounts: Iterable<Address>, fetch: Fetch) {
    this.#accounts = new Set(accounts)
    this.#client = new JsonRpcClient(url, (input, init) => {
      const all = new Headers(init.headers)
      for (const [name, value] of Object.entries(headers)) all.set(name, value)
      return fetch(input, { ...init, headers: all })
    })
  }

  holds(address: Address): boolean {
    return this.#accounts.has(address)
  }

  /** Not every such signer has a method for typed data: the account sends its batches itself. */
  async signBatch(address: Address, _batch: UnsignedBatch): Promise<Result<Hex, SigningFailure>> {
    return err(this.#accounts.has(address) ? NO_BATCHES : { reason: 'no_key' })
  }

  async sign(
    address: Address,
    transaction: UnsignedTransaction,
  ): Promise<Result<SignedTransaction, SigningFailure>> {
    if (!this.#accounts.has(address)) return err({ reason: 'no_key' })
    if (transaction.authorization !== null) return err(NO_AUTHORIZATIONS)
    const answer = await this.#client.call({
      method: 'eth_signTransaction',
      params: [requestOf(address, transaction)],
    })
    if (!answer.ok) return err(failureOf(answer.error))
    const raw = answerSchema.safeParse(answer.value)
    const bytes = raw.success ? raw.data.toLowerCase() : ''
    if (!isHex(bytes)) return wrong('gave no bytes')
    return checked(address, transaction, bytes)
  }
}

/** The bytes are made anew from what was asked for and the signature in them: every field is then compared at once. */
async function checked(
  address: Address,
  transaction: UnsignedTransaction,
  raw: Hex,
): Promise<Result<SignedTransaction, SigningFailure>> {
  const given = signatureIn(raw, hasOnePrice(transaction))
  if (given === null) return wrong('gave what is no signed transaction of the type that was asked for')
  const made = await signByDigest(transaction, async (digest) => {
    const signature = await ofAccount(address, digest, given)
    return signature === null
      ? wrong(`signed another transaction, or not with the key of ${address}`)
      : ok(signature)
  })
  if (!made.ok || made.value.raw === raw) return made
  return wrong('gave other bytes than this transaction has')
}

function signatureIn(
  raw: Hex,
  isLegacy: boolean,
): { readonly r: `0x${string}`; readonly s: `0x${string}` } | null {
  if (isEip1559(raw) === isLegacy) return null
  try {
    const { r, s } = parseTransaction(raw)
    return r === undefined || s === undefined ? null : { r, s }
  } catch {
    return null
  }
}

function isEip1559(raw: string): boolean {
  return raw.startsWith('0x02')
}

function requestOf(from: Address, transaction: UnsignedTransaction) {
  return {
    from,
    to: transaction.to,
    nonce: toHex(transaction.nonce),
    gas: toHex(transaction.gas_limit),
    value: toHex(transaction.value),
    data: transaction.data,
    chainId: toHex(chainReference(transaction.chain)),
    ...feesOf(transaction),
  }
}

function feesOf(transaction: UnsignedTransaction) {
  const maxFeePerGas = toHex(transaction.max_fee_per_gas)
  return hasOnePrice(transaction)
    ? { gasPrice: maxFeePerGas, type: '0x0' }
    : { maxFeePerGas, maxPriorityFeePerGas: toHex(transaction.max_priority_fee_per_gas), type: '0x2' }
}

function failureOf(failure: NodeFailure): SigningFailure {
  switch (failure.reason) {
    case 'rpc':
      return { reason: 'refused', detail: `${SERVICE} answered: ${failure.message}` }
    case 'malformed':
      return { reason: 'wrong_answer', detail: `${SERVICE}: ${failure.detail}` }
    case 'http': {
      const detail = `${SERVICE} answered HTTP ${failure.status}`
      return { reason: failure.status >= 500 ? 'unavailable' : 'refused', detail }
    }
    case 'timeout':
    case 'unreachable':
    case 'rate_limited':
    case 'held_back':
      return { reason: 'unavailable', detail: `${SERVICE}: ${failure.reason}` }
  }
}

function wrong(detail: string): Result<never, SigningFailure> {
  return err({ reason: 'wrong_answer', detail: `${SERVICE} ${detail}` })
}
