// Puts accounts and the demo token on the local chain: what a first start needs, and what a chain that lost its last
// seconds may need again. Every step looks first, so it can be repeated after any crash.

import { encodeFunctionData, erc20Abi, getContractAddress, parseAbi, parseEther } from 'viem'
import { type Address, isAddress } from '../../src/shared/chain/address.ts'
import { assert, assertDefined } from '../../src/shared/lib/assert.ts'
import { compileContracts } from './contracts.ts'
import { localClient, sendLocally } from './local-transactions.ts'
import { rpc } from './rpc.ts'

/** Anvil's tenth account, whose key everybody knows. Its first transaction makes the token, at a fixed address. */
const MINTER = '0xa0ee7a142d267c1f36714e4a8f75612f20a79720'
const MINT_ABI = parseAbi(['function mint(address[] holders, uint256 amount)'])
/** Wei, for each signer. */
const NATIVE_FUNDS = parseEther('10000')
/** Base units of 18 decimals, for each signer. */
const TOKEN_FUNDS = parseEther('1000000')

/** The token's address. Signers that never had anything get their funds. */
export async function fundSigners(rpcUrl: string, signers: readonly Address[]): Promise<Address> {
  const client = localClient(rpcUrl)
  const token = getContractAddress({ from: MINTER, nonce: 0n }).toLowerCase()
  assert(isAddress(token), `not an address: ${token}`)
  if ((await client.getCode({ address: token })) === undefined) await deploy(rpcUrl)
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
    await sendLocally(rpcUrl, { from: MINTER, to: token, data })
  }
  return token
}

async function deploy(rpcUrl: string): Promise<void> {
  const contract = (await compileContracts()).get('DemoToken')
  const { bytecode } = assertDefined(contract, 'DemoToken is compiled')
  await sendLocally(rpcUrl, { from: MINTER, data: bytecode })
}

async function filterAsync<T>(items: readonly T[], test: (item: T) => Promise<boolean>): Promise<T[]> {
  const kept = await Promise.all(items.map(test))
  return items.filter((_, index) => kept[index] === true)
}
