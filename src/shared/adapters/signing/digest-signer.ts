// Signs with a key that a service keeps: it is asked for a signature of 32 bytes, and never sees the transaction. What it
// answers counts only where it is by the account's own key.

import type { Address } from '../../chain/address.ts'
import { fromBase64 } from '../../lib/base64.ts'
import type { Hex } from '../../lib/hex.ts'
import { err, ok, type Result } from '../../lib/result.ts'
import type {
  SignedTransaction,
  SigningFailure,
  TransactionSigner,
  UnsignedBatch,
  UnsignedTransaction,
} from '../../ports/transaction-signer.ts'
import { parseDerSignature } from './der-signature.ts'
import { ofAccount, type Signature, signBatchByDigest, signByDigest } from './transaction-bytes.ts'

/** Signs 32 bytes with the key of this name, and answers in DER, as base64. */
export type KeyService = (key: string, digest: Hex) => Promise<Result<string, SigningFailure>>

export class DigestSigner implements TransactionSigner {
  readonly #keys: ReadonlyMap<Address, string>
  readonly #service: KeyService

  /** `keys`: the service's name of each account's key. */
  constructor(keys: ReadonlyMap<Address, string>, service: KeyService) {
    this.#keys = keys
    this.#service = service
  }

  holds(address: Address): boolean {
    return this.#keys.has(address)
  }

  async sign(
    address: Address,
    transaction: UnsignedTransaction,
  ): Promise<Result<SignedTransaction, SigningFailure>> {
    const key = this.#keys.get(address)
    if (key === undefined) return err({ reason: 'no_key' })
    return signByDigest(transaction, (digest) => this.#signature(address, key, digest))
  }

  async signBatch(address: Address, batch: UnsignedBatch): Promise<Result<Hex, SigningFailure>> {
    const key = this.#keys.get(address)
    if (key === undefined) return err({ reason: 'no_key' })
    return signBatchByDigest(address, batch, (digest) => this.#signature(address, key, digest))
  }

  async #signature(address: Address, key: string, digest: Hex): Promise<Result<Signature, SigningFailure>> {
    const answer = await this.#service(key, digest)
    if (!answer.ok) return answer
    const der = fromBase64(answer.value)
    const parsed = der === null ? null : parseDerSignature(der)
    if (parsed === null) return wrong(`${key} gave what is no signature`)
    const signature = await ofAccount(address, digest, parsed)
    return signature === null ? wrong(`${key} is not the key of ${address}`) : ok(signature)
  }
}

function wrong(detail: string): Result<never, SigningFailure> {
  return err({ reason: 'wrong_answer', detail })
}
