// Guarantee: on a real node, what a signer signs delegates its own account, and takes the delegation away again.

import { afterAll, beforeAll, expect, test } from 'vitest'
import { JsonRpcNode } from '../../../../src/shared/adapters/json-rpc-node.ts'
import { SecretKeySigner } from '../../../../src/shared/adapters/signing/secret-key-signer.ts'
import type { Address } from '../../../../src/shared/chain/address.ts'
import { ANVIL_ADDRESS, ANVIL_KEY, type Anvil, startAnvil } from '../anvil.ts'
import { address, hex } from '../chain-values.ts'
import { TRANSACTION } from './transaction.ts'

const CODE = address('c0')
const NOBODY = address('00')
const signer = SecretKeySigner.parse('KEYS', JSON.stringify({ [ANVIL_ADDRESS]: ANVIL_KEY }))

let anvil: Anvil
beforeAll(async () => {
  anvil = await startAnvil()
})
afterAll(() => anvil.stop())

test('an account delegates, which takes two nonces, and stops to', async () => {
  expect(await mined(0, CODE)).toEqual({ status: '0x1', nonce: '0x2', code: `0xef0100${CODE.slice(2)}` })
  expect(await authorizationsInHead()).toEqual([{ authority: ANVIL_ADDRESS, nonce: 1 }])
  expect(await mined(2, NOBODY)).toEqual({ status: '0x1', nonce: '0x4', code: '0x' })
})

test('an authorization of another nonce is passed over, and its transaction is mined all the same', async () => {
  expect(await mined(4, CODE, 4)).toEqual({ status: '0x1', nonce: '0x5', code: '0x' })
})

function nodeNow(): JsonRpcNode {
  return new JsonRpcNode({ name: 'real', operator: 'us', url: anvil.url })
}

async function authorizationsInHead(): Promise<unknown> {
  const heads = await nodeNow().heads()
  return heads.ok ? heads.value.head.transactions.flatMap(({ authorizations }) => authorizations) : heads
}

async function mined(nonce: number, to: Address, authorizationNonce = nonce + 1): Promise<unknown> {
  const signed = await signer.sign(ANVIL_ADDRESS, {
    ...TRANSACTION,
    nonce,
    to: ANVIL_ADDRESS,
    value: 0n,
    data: hex('0x'),
    gas_limit: 100_000n,
    authorization: { address: to, nonce: authorizationNonce },
  })
  if (!signed.ok) throw new Error(JSON.stringify(signed.error))
  const { raw, hash } = signed.value
  expect(await nodeNow().broadcast(raw, hash)).toMatchObject({ class: 'accepted' })
  await anvil.ask('evm_mine')
  const receipt = await anvil.ask('eth_getTransactionReceipt', hash)
  return {
    status: receipt !== null && typeof receipt === 'object' && 'status' in receipt ? receipt.status : null,
    nonce: await anvil.ask('eth_getTransactionCount', ANVIL_ADDRESS, 'latest'),
    code: await anvil.ask('eth_getCode', ANVIL_ADDRESS, 'latest'),
  }
}
