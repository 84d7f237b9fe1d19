// Signs with keys that are a secret of the deployment. The keys live in this object's closures only: it prints as
// nothing, and no error names a key, not even one that was put where its address should be.

import { type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts'
import { z } from 'zod'
import { type Address, isAddress } from '../../chain/address.ts'
import type { Hex } from '../../lib/hex.ts'
import { err, type Result } from '../../lib/result.ts'
import type {
  SignedTransaction,
  SigningFailure,
  TransactionSigner,
  UnsignedBatch,
  UnsignedTransaction,
} from '../../ports/transaction-signer.ts'
import { SettingsError } from '../../schema/setting.ts'
import { signBatchWith, signWith } from './transaction-bytes.ts'

/** `{ "<address>": "<private key>" }`, both hex in either case. */
const secretSchema = z.record(z.string(), z.string())

export class SecretKeySigner implements TransactionSigner {
  readonly #accounts: ReadonlyMap<Address, PrivateKeyAccount>

  private constructor(accounts: ReadonlyMap<Address, PrivateKeyAccount>) {
    this.#accounts = accounts
  }

  /** @throws SettingsError that names `setting` and an address, never a key. */
  static parse(setting: string, secret: string): SecretKeySigner {
    const accounts = new Map<Address, PrivateKeyAccount>()
    for (const [name, key] of Object.entries(parseSecret(setting, secret))) {
      const address = name.toLowerCase()
      if (!isAddress(address)) throw new SettingsError(`${setting}: a name in it is not an address`)
      if (accounts.has(address)) throw new SettingsError(`${setting}: ${address} is there twice`)
      const account = accountOf(key)
      if (account === null) throw new SettingsError(`${setting}: the key of ${address} is not a private key`)
      if (account.address.toLowerCase() !== address) {
        throw new SettingsError(`${setting}: the key of ${address} is the key of another address`)
      }
      accounts.set(address, account)
    }
    return new SecretKeySigner(accounts)
  }

  holds(address: Address): boolean {
    return this.#accounts.has(address)
  }

  get addresses(): readonly Address[] {
    return [...this.#accounts.keys()]
  }

  async sign(
    address: Address,
    transaction: UnsignedTransaction,
  ): Promise<Result<SignedTransaction, SigningFailure>> {
    const account = this.#accounts.get(address)
    if (account === undefined) return err({ reason: 'no_key' })
    return signWith(account, transaction)
  }

  async signBatch(address: Address, batch: UnsignedBatch): Promise<Result<Hex, SigningFailure>> {
    const account = this.#accounts.get(address)
    return account === undefined ? err({ reason: 'no_key' }) : signBatchWith(account, address, batch)
  }
}

function parseSecret(setting: string, secret: string): Readonly<Record<string, string>> {
  let value: unknown
  try {
    value = JSON.parse(secret)
  } catch {
    // The parser's own message quotes the text.
    throw new SettingsError(`${setting} is not JSON`)
  }
  const parsed = secretSchema.safeParse(value)
  if (!parsed.success) throw new SettingsError(`${setting} is not an object of address to private key`)
  return parsed.data
}

const PRIVATE_KEY_PATTERN = /^0x[0-9a-f]{64}$/

function accountOf(key: string): PrivateKeyAccount | null {
  const lower = key.toLowerCase()
  if (!isPrivateKey(lower)) return null
  try {
    return privateKeyToAccount(lower)
  } catch {
    // Zero, or not below the order of the curve; the message quotes the number.
    return null
  }
}

function isPrivateKey(text: string): text is `0x${string}` {
  return PRIVATE_KEY_PATTERN.test(text)
}
