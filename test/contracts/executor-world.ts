// A real node with the executor's code, an account that delegates to it, and what batches may meet. Every transaction is
// mined at once, in a block of its own.

import { fileURLToPath } from 'node:url'
import {
  type Abi,
  type Hex as AnyHex,
  createPublicClient,
  createWalletClient,
  decodeFunctionData,
  encodeDeployData,
  encodeFunctionData,
  http,
  keccak256,
  type PrivateKeyAccount,
  parseAbi,
  parseEther,
  parseEventLogs,
  parseSignature,
  signatureToCompactSignature,
  type TransactionReceipt,
  toFunctionSelector,
  toHex,
} from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { compileContracts } from '../../scripts/dev/contracts.ts'
import type { BatchCall, BatchStep } from '../../src/shared/batch/batch-step.ts'
import { encodeSteps } from '../../src/shared/batch/encode-steps.ts'
import type { Address } from '../../src/shared/chain/address.ts'
import { assertDefined } from '../../src/shared/lib/assert.ts'
import type { Hex } from '../../src/shared/lib/hex.ts'
import { ANVIL_KEY, type Anvil, startAnvil } from '../unit/adapters/anvil.ts'
import { checkedAddress } from '../unit/adapters/chain-values.ts'

export const EXECUTOR_ABI = parseAbi([
  'function execute(bytes32 batchId, uint256 validUntil, bytes steps)',
  'function executeSigned(bytes32 batchId, uint256 validUntil, bytes steps, bytes32 r, bytes32 vs)',
  'function runGroup(bytes calls)',
  'function isDone(uint256 number) view returns (bool)',
  'function doneBits(uint256 word) view returns (uint256)',
  'function supportsInterface(bytes4 id) view returns (bool)',
  'event BatchDone(bytes32 indexed batchId, uint256 done, uint256 failed)',
  'error NotTheAccount()',
  'error CallFailed(uint256 index)',
  'error AlreadyRunning()',
  'error Expired(uint256 validUntil)',
  'error Malformed(uint256 at)',
  'error TooManySteps()',
  'error NotEnoughGas(uint256 needed)',
])
const READ_ABI = parseAbi([
  'function balanceOf(address) view returns (uint256)',
  'function count() view returns (uint256)',
  'function calls() view returns (uint256)',
  'function isTried() view returns (bool)',
  'function isLetIn() view returns (bool)',
  'function handedOver() view returns (uint256)',
])

export const FOREVER = 2n ** 64n
/** Above what any batch here needs, below what a block takes. */
const GAS_MOST = 25_000_000n
const TEST_CONTRACTS = fileURLToPath(new URL('.', import.meta.url))
/** Of the account's own executor, and of nobody else's. */
const FUNDS = parseEther('1000')

export type Ran = {
  readonly receipt: TransactionReceipt
  /** Places of the steps that ran, and of those that failed; null: the batch did not run at all. */
  readonly done: readonly number[] | null
  readonly failed: readonly number[] | null
}

export type RunOptions = {
  readonly batchId?: AnyHex
  readonly validUntil?: bigint
  readonly gas?: bigint
}

export class ExecutorWorld {
  readonly anvil: Anvil
  readonly carrier = privateKeyToAccount(ANVIL_KEY)
  /** The account that delegates. */
  owner: PrivateKeyAccount
  executor: Address
  #batches = 0
  readonly #contracts: Awaited<ReturnType<typeof compileContracts>>

  private constructor(anvil: Anvil, contracts: Awaited<ReturnType<typeof compileContracts>>) {
    this.anvil = anvil
    this.#contracts = contracts
    this.owner = this.account('owner')
    this.executor = checkedAddress(this.carrier.address.toLowerCase())
  }

  static async start(): Promise<ExecutorWorld> {
    const contracts = new Map([...(await compileContracts()), ...(await compileContracts(TEST_CONTRACTS))])
    const world = new ExecutorWorld(await startAnvil(), contracts)
    world.executor = await world.deploy('BatchExecutor')
    await world.freshOwner('owner')
    return world
  }

  get client() {
    return createPublicClient({ transport: http(this.anvil.url), pollingInterval: 10 })
  }

  get ownAddress(): Address {
    return checkedAddress(this.owner.address.toLowerCase())
  }

  /** An account that nobody had before, by a name. */
  account(name: string): PrivateKeyAccount {
    return privateKeyToAccount(keccak256(toHex(`executor world ${name}`)))
  }

  address(name: string): Address {
    return checkedAddress(this.account(name).address.toLowerCase())
  }

  /** Another account that is funded and delegates from now on. */
  async freshOwner(name: string): Promise<void> {
    this.owner = this.account(name)
    await this.anvil.ask('anvil_setBalance', this.owner.address, toHex(FUNDS))
    await this.delegate(this.owner, this.executor)
  }

  /** A carrier brings the account's authorization, so its own nonce moves by one. */
  async delegate(account: PrivateKeyAccount, to: Address): Promise<void> {
    const nonce = await this.client.getTransactionCount({ address: account.address })
    const authorization = await account.signAuthorization({ contractAddress: to, chainId: 31_337, nonce })
    await this.send(this.carrier, { authorizationList: [authorization], to: this.carrier.address })
  }

  async deploy(name: string, args: readonly unknown[] = []): Promise<Address> {
    const { abi, bytecode } = assertDefined(this.#contracts.get(name), `${name} is compiled`)
    const data = encodeDeployData({ abi: abi as Abi, bytecode, args })
    const { contractAddress } = await this.send(this.carrier, { data })
    return checkedAddress(assertDefined(contractAddress ?? undefined, `${name} is there`).toLowerCase())
  }

  async send(
    from: PrivateKeyAccount,
    fields: {
      readonly to?: AnyHex
      readonly data?: AnyHex
      readonly value?: bigint
      readonly gas?: bigint
      readonly authorizationList?: readonly Awaited<ReturnType<PrivateKeyAccount['signAuthorization']>>[]
    },
  ): Promise<TransactionReceipt> {
    const wallet = createWalletClient({ account: from, transport: http(this.anvil.url) })
    const request = {
      chain: null,
      chainId: 31_337,
      gas: GAS_MOST,
      maxFeePerGas: 2_000_000_000n,
      maxPriorityFeePerGas: 1n,
      nonce: await this.client.getTransactionCount({ address: from.address }),
      ...fields,
    }
    const hash = await wallet.sendTransaction(request as Parameters<typeof wallet.sendTransaction>[0])
    await this.anvil.ask('evm_mine')
    return this.client.getTransactionReceipt({ hash })
  }

  /** From the account itself. */
  async run(steps: readonly BatchStep[] | Hex, options: RunOptions = {}): Promise<Ran> {
    const args = this.#argsOf(steps, options)
    const data = encodeFunctionData({ abi: EXECUTOR_ABI, functionName: 'execute', args })
    return this.#ran(await this.send(this.owner, { to: this.owner.address, data, ...gasOf(options) }))
  }

  /** Signed by the account, carried by another. */
  async carry(steps: readonly BatchStep[] | Hex, options: RunOptions = {}): Promise<Ran> {
    const data = await this.signedCall(this.#argsOf(steps, options))
    return this.#ran(await this.send(this.carrier, { to: this.owner.address, data, ...gasOf(options) }))
  }

  /** The call that anybody may make with what the account signed. */
  async signedCall(
    [batchId, validUntil, steps]: readonly [AnyHex, bigint, AnyHex],
    domain: { readonly chainId?: number; readonly verifyingContract?: AnyHex } = {},
    signer = this.owner,
  ): Promise<AnyHex> {
    const signature = await signer.signTypedData({
      domain: {
        name: 'Waybill BatchExecutor',
        version: '1',
        chainId: 31_337,
        verifyingContract: this.owner.address,
        ...domain,
      },
      types: {
        Batch: [
          { name: 'batchId', type: 'bytes32' },
          { name: 'validUntil', type: 'uint256' },
          { name: 'steps', type: 'bytes' },
        ],
      },
      primaryType: 'Batch',
      message: { batchId, validUntil, steps },
    })
    const { r, yParityAndS } = signatureToCompactSignature(parseSignature(signature))
    const args = [batchId, validUntil, steps, r, yParityAndS] as const
    return encodeFunctionData({ abi: EXECUTOR_ABI, functionName: 'executeSigned', args })
  }

  async callBy(from: PrivateKeyAccount, data: AnyHex): Promise<Ran> {
    return this.#ran(await this.send(from, { to: this.owner.address, data }))
  }

  /** The executor's error that such a transaction would end with; null: none. */
  async refusal(data: AnyHex, from: AnyHex = this.carrier.address): Promise<string | null> {
    try {
      await this.client.call({ account: from, to: this.owner.address, data })
      return null
    } catch (error) {
      const selector = /custom error (0x[0-9a-f]{8})/.exec(String(error))?.[1]
      const [decoded] = EXECUTOR_ABI.filter((item) => item.type === 'error' && selectorOf(item) === selector)
      return decoded?.name ?? String(error)
    }
  }

  batchId(): AnyHex {
    this.#batches += 1
    return toHex(this.#batches, { size: 32 })
  }

  isDone(number: bigint): Promise<boolean> {
    const call = { address: this.owner.address, abi: EXECUTOR_ABI, functionName: 'isDone' } as const
    return this.client.readContract({ ...call, args: [number] })
  }

  balance(name: string): Promise<bigint> {
    return this.client.getBalance({ address: this.address(name) })
  }

  tokens(token: Address, holder: AnyHex): Promise<bigint> {
    const call = { address: token, abi: READ_ABI, functionName: 'balanceOf' } as const
    return this.client.readContract({ ...call, args: [holder] })
  }

  read(address: Address, functionName: 'count' | 'calls' | 'isTried' | 'isLetIn' | 'handedOver') {
    return this.client.readContract({ address, abi: READ_ABI, functionName })
  }

  #argsOf(steps: readonly BatchStep[] | Hex, options: RunOptions): readonly [AnyHex, bigint, AnyHex] {
    const bytes = typeof steps === 'string' ? steps : encodeSteps(steps)
    return [options.batchId ?? this.batchId(), options.validUntil ?? FOREVER, bytes]
  }

  #ran(receipt: TransactionReceipt): Ran {
    const own = receipt.logs.filter(({ address }) => address === this.owner.address.toLowerCase())
    const [log] = parseEventLogs({ abi: EXECUTOR_ABI, logs: own, eventName: 'BatchDone' })
    if (log === undefined) return { receipt, done: null, failed: null }
    return { receipt, done: placesOf(log.args.done), failed: placesOf(log.args.failed) }
  }
}

/** A signed call with other arguments than those that were signed. */
export function forge(
  data: AnyHex,
  changes: { batchId?: AnyHex; validUntil?: bigint; steps?: AnyHex; r?: AnyHex; vs?: AnyHex },
): AnyHex {
  const { args } = decodeFunctionData({ abi: EXECUTOR_ABI, data })
  const [batchId, validUntil, steps, r, vs] = args as readonly [AnyHex, bigint, AnyHex, AnyHex, AnyHex]
  const all = { batchId, validUntil, steps, r, vs, ...changes }
  return encodeFunctionData({
    abi: EXECUTOR_ABI,
    functionName: 'executeSigned',
    args: [all.batchId, all.validUntil, all.steps, all.r, all.vs],
  })
}

function selectorOf({
  name,
  inputs,
}: {
  readonly name: string
  readonly inputs: readonly { readonly type: string }[]
}): AnyHex {
  return toFunctionSelector(`${name}(${inputs.map(({ type }) => type).join(',')})`)
}

function gasOf({ gas }: RunOptions): { readonly gas?: bigint } {
  return gas === undefined ? {} : { gas }
}

function placesOf(bits: bigint): readonly number[] {
  return Array.from({ length: 256 }, (_, place) => place).filter((place) => (bits >> BigInt(place)) & 1n)
}

/** Steps with numbers from `first` on, and gas for all that a plain recipient or token takes. */
export function numbered(first: bigint, runs: readonly BatchCall[], gas = 100_000): readonly BatchStep[] {
  return runs.map((run, index) => ({ number: first + BigInt(index), gas, run }))
}
