// Puts accounts and the demo token on the local chain: what a first start needs, and what a chain that lost its last
// seconds may need again. Every step looks first, so it can be repeated after any crash.

import {
  type Address as AnyAddress,
  createPublicClient,
  encodeFunctionData,
  erc20Abi,
  getContractAddress,
  http,
  type PublicClient,
  parseAbi,
  parseEther,
} from 'viem'
import { type Address, isAddress } from '../../src/shared/chain/address.ts'
import { assert, assertDefined } from '../../src/shared/lib/assert.ts'
import { compileContracts } from './contracts.ts'
import { rpc } from './rpc.ts'

/** Anvil's tenth account, whose key everybody knows. Its first transaction makes the token, at a fixed address. */
const MINTER = '0xa0ee7a142d267c1f36714e4a8f75612f20a79720'
const MINT_ABI = parseAbi(['function mint(address[] holders, uint256 amount)'])
/** Wei, for each signer. */
const NATIVE_FUNDS = parseEther('10000')
/** Base units of 18 decimals, for each signer. */
const TOKEN_FUNDS = parseEther('1000000')
/** Milliseconds between two looks for a receipt. The block is mined at once, so the first look finds it. */
const RECEIPT_CHECK_MS = 20

/** The token's address. Signers that never had anything get their funds. */
export async function fundSigners(rpcUrl: string, signers: readonly Address[]): Promise<Address> {
  const client = createPublicClient({ transport: http(rpcUrl), pollingInterval: RECEIPT_CHECK_MS })
  const token = getContractAddress({ from: MINTER, nonce: 0n }).toLowerCase()
  assert(isAddress(token), `not an address: ${token}`)
  if ((await client.getCode({ address: token })) === undefined) await deploy(client, rpcUrl)
  const unused = await filterAsync(signers, async (address) => {
    return (await client.getTransactionCount({ address })) === 0
  })
  for (const address of unused) {
    if ((await client.getBalance({ address })) > 0n) continue
    await rpc(rpcUrl, 'anvil_setBalance', [address, `0x${NATIVE_FUNDS.toString(16)}`])
  }
  const tokenless = await filterAsync(unused, async (address) => {
    const call = { address: token, abi: erc20Abi, functionName: 'balanceOf', args: [address] } as const
    return (await client.readContract(call)) === 0n
  })
  if (tokenless.length > 0) {
    const data = encodeFunctionData({ abi: MINT_ABI, functionName: 'mint', args: [tokenless, TOKEN_FUNDS] })
    await send(client, rpcUrl, { to: token, data })
  }
  return token
}

async function deploy(client: PublicClient, rpcUrl: string): Promise<void> {
  const contract = (await compileContracts()).get('DemoToken')
  await send(client, rpcUrl, { data: assertDefined(contract, 'DemoToken is compiled').bytecode })
}

/** From the minter, whose transactions Anvil signs itself; in a block of its own, also where blocks are slow. */
async function send(
  client: PublicClient,
  rpcUrl: string,
  transaction: { to?: AnyAddress; data: AnyAddress },
): Promise<void> {
  const hash = await rpc(rpcUrl, 'eth_sendTransaction', [{ from: MINTER, ...transaction }])
  await rpc(rpcUrl, 'evm_mine', [])
  assert(isHash(hash), 'a transaction has a hash')
  const receipt = await client.waitForTransactionReceipt({ hash })
  assert(receipt.status === 'success', `the demo token could not be made or minted: ${hash}`)
}

function isHash(value: unknown): value is `0x${string}` {
  return typeof value === 'string' && /^0x[0-9a-f]{64}$/.test(value)
}

async function filterAsync<T>(items: readonly T[], test: (item: T) => Promise<boolean>): Promise<T[]> {
  const kept = await Promise.all(items.map(test))
  return items.filter((_, index) => kept[index] === true)
}
