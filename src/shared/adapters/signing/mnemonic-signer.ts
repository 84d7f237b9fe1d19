// Accounts derived from a mnemonic (BIP-39, BIP-32). Which account lies on which path is said beside it, so a wrong word is
// noticed: every phrase is a seed, of other accounts.

import type { HDAccount } from 'viem'
import { HDKey, hdKeyToAccount } from 'viem/accounts'
import { z } from 'zod'
import type { Address } from '../../chain/address.ts'
import type { Hex } from '../../lib/hex.ts'
import { err, ok, type Result } from '../../lib/result.ts'
import type {
  SignedTransaction,
  SigningFailure,
  TransactionSigner,
  UnsignedBatch,
  UnsignedTransaction,
} from '../../ports/transaction-signer.ts'
import { signBatchWith, signWith } from './transaction-bytes.ts'

export const mnemonicAccess = z.strictObject({
  phrase: z.string().min(1),
  passphrase: z.string().default(''),
})
export type MnemonicAccess = z.infer<typeof mnemonicAccess>

/** Of Ethereum's coin type: anything else is a mistyped one. */
export const derivationPath = z.custom<Path>(
  (path) => typeof path === 'string' && /^m\/44'\/60'(\/\d+'?)+$/.test(path),
  "must be such as m/44'/60'/0'/0/0",
)
type Path = `m/44'/60'/${string}`

/** Both of BIP-39. */
const SEED_ROUNDS = 2_048
const SEED_BITS = 512

export class MnemonicSigner implements TransactionSigner {
  readonly #paths: ReadonlyMap<Address, Path>
  readonly #access: MnemonicAccess
  #root: Promise<HDKey> | null = null
  readonly #derived = new Map<Address, HDAccount>()

  constructor(access: MnemonicAccess, paths: ReadonlyMap<Address, Path>) {
    this.#access = access
    this.#paths = paths
  }

  holds(address: Address): boolean {
    return this.#paths.has(address)
  }

  async sign(
    address: Address,
    transaction: UnsignedTransaction,
  ): Promise<Result<SignedTransaction, SigningFailure>> {
    const account = await this.#accountOf(address)
    return account.ok ? signWith(account.value, transaction) : account
  }

  async signBatch(address: Address, batch: UnsignedBatch): Promise<Result<Hex, SigningFailure>> {
    const account = await this.#accountOf(address)
    return account.ok ? signBatchWith(account.value, address, batch) : account
  }

  async #accountOf(address: Address): Promise<Result<HDAccount, SigningFailure>> {
    const path = this.#paths.get(address)
    if (path === undefined) return err({ reason: 'no_key' })
    const account = this.#derived.get(address) ?? (await this.#derive(path))
    if (account.address.toLowerCase() !== address) {
      return err({ reason: 'wrong_answer', detail: `the mnemonic's account at ${path} is not ${address}` })
    }
    this.#derived.set(address, account)
    return ok(account)
  }

  /** The seed takes thousands of rounds: it is made when it is first needed, and once. */
  async #derive(path: Path): Promise<HDAccount> {
    this.#root ??= rootOf(this.#access)
    return hdKeyToAccount(await this.#root, { path })
  }
}

async function rootOf({ phrase, passphrase }: MnemonicAccess): Promise<HDKey> {
  const words = phrase.trim().split(/\s+/).join(' ')
  const key = await crypto.subtle.importKey('raw', utf8(words), 'PBKDF2', false, ['deriveBits'])
  const bits = await crypto.subtle.deriveBits(
    { name: 'PBKDF2', hash: 'SHA-512', salt: utf8(`mnemonic${passphrase}`), iterations: SEED_ROUNDS },
    key,
    SEED_BITS,
  )
  return HDKey.fromMasterSeed(new Uint8Array(bits))
}

function utf8(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(new TextEncoder().encode(text.normalize('NFKD')))
}
