// Puts the executor on a chain, at an address that follows from its bytecode alone: the same on every chain, whoever pays.
// It looks first, so it can be repeated after any crash, and on a chain that was reset.

import {
  type Address as AnyAddress,
  concat,
  getContractAddress,
  keccak256,
  type PublicClient,
  toHex,
} from 'viem'
import { type Address, isAddress } from '../../src/shared/chain/address.ts'
import { assert, assertDefined } from '../../src/shared/lib/assert.ts'
import { compileContracts } from './contracts.ts'

/**
 * Creates what it is given, by CREATE2 and with the salt before it (github.com/Arachnid/deterministic-deployment-proxy). On
 * nearly every chain, and on Anvil from the start.
 */
export const DEPLOYMENT_PROXY = '0x4e59b44847b379578588920ca78fbf26c0b4956c'
const SALT = toHex(0, { size: 32 })

export type ExecutorCode = {
  readonly address: Address
  readonly initCode: AnyAddress
  readonly initCodeHash: AnyAddress
}

export async function executorCode(): Promise<ExecutorCode> {
  const contract = (await compileContracts()).get('BatchExecutor')
  const { bytecode } = assertDefined(contract, 'BatchExecutor is compiled')
  const create = { opcode: 'CREATE2', from: DEPLOYMENT_PROXY, salt: SALT, bytecode } as const
  const address = getContractAddress(create).toLowerCase()
  assert(isAddress(address), `not an address: ${address}`)
  return { address, initCode: bytecode, initCodeHash: keccak256(bytecode) }
}

export type DeployTransaction = { readonly to: AnyAddress; readonly data: AnyAddress }

/** `send`: answers when the transaction is in a block. True: it was not there before. */
export async function deployExecutor(
  client: Pick<PublicClient, 'getCode'>,
  { address, initCode }: ExecutorCode,
  send: (transaction: DeployTransaction) => Promise<void>,
): Promise<boolean> {
  if (await hasCode(client, address)) return false
  if (!(await hasCode(client, DEPLOYMENT_PROXY))) {
    throw new Error(`the deterministic deployment proxy ${DEPLOYMENT_PROXY} is not on this chain`)
  }
  await send({ to: DEPLOYMENT_PROXY, data: concat([SALT, initCode]) })
  if (!(await hasCode(client, address))) throw new Error(`the executor did not come to ${address}`)
  return true
}

async function hasCode(client: Pick<PublicClient, 'getCode'>, address: AnyAddress): Promise<boolean> {
  return (await client.getCode({ address })) !== undefined
}
