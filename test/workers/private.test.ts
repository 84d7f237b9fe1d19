// Guarantee (design rule 13): a private transfer is taken where the chain has private endpoints and from private senders alone,
// and nothing else from those; what is refused says why. What becomes of one: test/chain/private.test.ts.

import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it, test } from 'vitest'
import { joinPool, newApi, newCaller, newKey, newKeyOfCommand, newSigner } from './support/api-client.ts'
import { TEST_CHAIN } from './support/settings.ts'

let caller: Awaited<ReturnType<typeof newCaller>>
let hidden: string
let chains: string

beforeAll(async () => {
  caller = await newCaller()
  hidden = await newSigner(caller.tenant)
  await joinPool('mixed', [caller.from, hidden])
  await joinPool('open', [caller.from])
  await joinPool('closed', [hidden])
  const [policy] = JSON.parse(env.CHAINS)
  chains = JSON.stringify([{ ...policy, private_signers: [hidden] }])
})

const apiOf = (takesPrivate: boolean) => newApi({ CHAINS: chains, takesPrivate: () => takesPrivate })

async function posted(changes: object, takesPrivate = true) {
  const body = { ...caller.body, ...changes }
  const asked = { key: caller.key, headers: newKeyOfCommand(), body }
  const { status, body: answer } = await apiOf(takesPrivate).post('/v1/transfers', asked)
  return status === 202
    ? (answer.visibility ?? 'public')
    : `${answer.code} ${answer.errors?.[0]?.field ?? answer.field}`
}

describe('a private transfer', () => {
  it('is taken from a private signer, and from a pool that has one', async () => {
    expect(await posted({ visibility: 'private', from: hidden })).toBe('private')
    expect(await posted({ visibility: 'private', from: 'pool:mixed' })).toBe('private')
    expect(await posted({ visibility: 'private', from: 'pool:closed' })).toBe('private')
  })

  it('is taken from nobody else', async () => {
    for (const from of [caller.from, 'pool:open'])
      expect(await posted({ visibility: 'private', from })).toMatch(/^visibility_of_sender/)
  })

  it('is not taken where the chain has no private endpoint', async () => {
    expect(await posted({ visibility: 'private', from: hidden }, false)).toMatch(/^visibility_unavailable/)
  })

  it('has one action', async () => {
    const pay = { type: 'native', to: `0x${'70'.repeat(20)}`, amount: '1' }
    const action = { type: 'batch', actions: [pay, pay] }
    expect(await posted({ visibility: 'private', from: hidden, action })).toMatch(/^batch_not_private/)
  })
})

describe('a public transfer', () => {
  it('does not go from a private signer, nor from a pool of such', async () => {
    for (const from of [hidden, 'pool:closed'])
      expect(await posted({ from })).toMatch(/^visibility_of_sender/)
    for (const from of [caller.from, 'pool:open', 'pool:mixed']) expect(await posted({ from })).toBe('public')
  })
})

test('a private signer does not delegate', async () => {
  const key = await newKey(caller.tenant, 'admin')
  const path = `/v1/signers/${TEST_CHAIN}/${hidden}/delegate`
  const { status, body } = await apiOf(true).post(path, { key, headers: newKeyOfCommand() })
  expect([status, body.code]).toEqual([409, 'signer_private'])
})

describe('what is shown', () => {
  it('every signer says of what visibility it is, and every chain whether it takes private transfers', async () => {
    const { body } = await apiOf(true).get('/v1/signers', { key: caller.key })
    const shown = new Map(
      body.data.map((one: { address: string; visibility: string }) => [
        one.address.toLowerCase(),
        one.visibility,
      ]),
    )
    expect([shown.get(caller.from), shown.get(hidden)]).toEqual(['public', 'private'])
    for (const takesPrivate of [true, false]) {
      const chain = await apiOf(takesPrivate).get(`/v1/chains/${TEST_CHAIN}`, { key: caller.key })
      expect(chain.body.private_transfers).toBe(takesPrivate)
    }
  })

  it('private signers without a private endpoint are a mistake in the settings', async () => {
    const { status, body } = await apiOf(false).get('/readyz')
    expect(status).toBe(503)
    expect(body.parts).toEqual([
      { part: 'settings', detail: expect.stringContaining(`${TEST_CHAIN} has private_signers`) },
    ])
  })
})
