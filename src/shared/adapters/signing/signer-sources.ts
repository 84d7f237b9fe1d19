// Where the keys of a deployment are: secrets of its own, a mnemonic, a remote signer, key services. Which of them has an
// account is said by the settings; nobody is asked to find out.

import { z } from 'zod'
import { type Address, isAddress } from '../../chain/address.ts'
import { assertNever } from '../../lib/assert.ts'
import type { Hex } from '../../lib/hex.ts'
import { err, type Result } from '../../lib/result.ts'
import type {
  SignedTransaction,
  SigningFailure,
  TransactionSigner,
  UnsignedBatch,
  UnsignedTransaction,
} from '../../ports/transaction-signer.ts'
import { address } from '../../schema/scalars.ts'
import { parseSetting, SettingsError } from '../../schema/setting.ts'
import type { Fetch } from '../json-rpc.ts'
import { awsKms, awsKmsAccess } from './aws-kms.ts'
import { DigestSigner } from './digest-signer.ts'
import { googleKms, googleKmsAccess } from './google-kms.ts'
import { derivationPath, MnemonicSigner, mnemonicAccess } from './mnemonic-signer.ts'
import { RemoteSigner, remoteSignerAccess } from './remote-signer.ts'
import { SecretKeySigner } from './secret-key-signer.ts'

const GOOGLE_KEY =
  /^projects\/[^/]+\/locations\/[^/]+\/keyRings\/[^/]+\/cryptoKeys\/[^/]+\/cryptoKeyVersions\/\d+$/

/** By account, its key's name or path. */
function keyed<Key>(key: z.ZodType<Key>) {
  return z
    .record(address, key)
    .transform(
      (keys): ReadonlyMap<Address, Key> =>
        new Map(Object.entries(keys).flatMap(([name, value]) => (isAddress(name) ? [[name, value]] : []))),
    )
}

const sources = z.array(
  z.discriminatedUnion('kind', [
    mnemonicAccess.extend({ kind: z.literal('mnemonic'), accounts: keyed(derivationPath) }),
    remoteSignerAccess.extend({ kind: z.literal('remote'), accounts: z.array(address) }),
    awsKmsAccess.extend({ kind: z.literal('aws_kms'), accounts: keyed(z.string().min(1)) }),
    googleKmsAccess.extend({
      kind: z.literal('google_kms'),
      accounts: keyed(z.string().regex(GOOGLE_KEY)),
    }),
  ]),
)
type Source = z.infer<typeof sources>[number]

/** The secrets that say it. */
export type SignerSettings = {
  readonly SIGNER_KEYS: string
  /** A JSON array; undefined: all keys are in SIGNER_KEYS. */
  readonly SIGNER_SOURCES?: string | undefined
}

let last: {
  readonly keys: string
  readonly sources: string | undefined
  readonly value: SignerSources
} | null = null

export class SignerSources implements TransactionSigner {
  readonly #signers: ReadonlyMap<Address, TransactionSigner>

  private constructor(signers: ReadonlyMap<Address, TransactionSigner>) {
    this.#signers = signers
  }

  /**
   * Kept while the settings stay the same: all objects of an isolate share derived keys and tokens.
   * @throws SettingsError that names the setting and the place in it, never a key or a token.
   */
  static of(settings: SignerSettings, fetch: Fetch): SignerSources {
    const { SIGNER_KEYS, SIGNER_SOURCES } = settings
    if (last?.keys !== SIGNER_KEYS || last.sources !== SIGNER_SOURCES) {
      last = { keys: SIGNER_KEYS, sources: SIGNER_SOURCES, value: SignerSources.parse(settings, fetch) }
    }
    return last.value
  }

  static parse({ SIGNER_KEYS, SIGNER_SOURCES = '[]' }: SignerSettings, fetch: Fetch): SignerSources {
    const secret = SecretKeySigner.parse('SIGNER_KEYS', SIGNER_KEYS)
    const signers = new Map<Address, TransactionSigner>(secret.addresses.map((account) => [account, secret]))
    for (const source of parseSetting('SIGNER_SOURCES', SIGNER_SOURCES, sources)) {
      const accounts = accountsOf(source)
      const signer = signerOf(source, fetch)
      for (const account of accounts) {
        if (signers.has(account)) throw new SettingsError(`SIGNER_SOURCES: ${account} has two sources`)
        signers.set(account, signer)
      }
    }
    return new SignerSources(signers)
  }

  holds(address: Address): boolean {
    return this.#signers.has(address)
  }

  async sign(
    address: Address,
    transaction: UnsignedTransaction,
  ): Promise<Result<SignedTransaction, SigningFailure>> {
    const signer = this.#signers.get(address)
    return signer === undefined ? err({ reason: 'no_key' }) : signer.sign(address, transaction)
  }

  async signBatch(address: Address, batch: UnsignedBatch): Promise<Result<Hex, SigningFailure>> {
    return this.#signers.get(address)?.signBatch(address, batch) ?? err({ reason: 'no_key' })
  }
}

function accountsOf({ accounts }: Source): readonly Address[] {
  return 'length' in accounts ? accounts : [...accounts.keys()]
}

function signerOf(source: Source, fetch: Fetch): TransactionSigner {
  switch (source.kind) {
    case 'mnemonic':
      return new MnemonicSigner(source, source.accounts)
    case 'remote':
      return new RemoteSigner(source, source.accounts, fetch)
    case 'aws_kms':
      return new DigestSigner(source.accounts, awsKms(source, fetch))
    case 'google_kms':
      return new DigestSigner(source.accounts, googleKms(source, fetch))
    default:
      return assertNever(source)
  }
}
