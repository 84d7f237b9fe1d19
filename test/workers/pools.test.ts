// Pools on the real objects and the real database: who may name one, what is shown of it, and that a transfer keeps the
// signer that it was bound to.

import { env } from 'cloudflare:workers'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { projectRows } from '../../src/shared/adapters/d1/project-rows.ts'
import { isAddress } from '../../src/shared/chain/address.ts'
import { isChainId } from '../../src/shared/chain/chain-id.ts'
import { assert } from '../../src/shared/lib/assert.ts'
import { unixMs } from '../../src/shared/lib/time.ts'
import type { SignerLoad } from '../../src/shared/signer/load.ts'
import { REBIND_AFTER_MS } from '../../src/shared/transfer/rebinding.ts'
import { isTransferId } from '../../src/shared/transfer/transfer-id.ts'
import { dispatchTick, RECONCILE_CRON, SWEEP_CRON } from '../../src/workers/cron/dispatch.ts'
import { joinPool, newApi, newCaller, newKey, newSigner, newTenant } from './support/api-client.ts'
import { deliver } from './support/deliver.ts'
import { TEST_CHAIN } from './support/settings.ts'

let caller: Awaited<ReturnType<typeof newCaller>>
let members: readonly string[]

beforeAll(async () => {
  caller = await newCaller()
  members = [caller.from, await newSigner(caller.tenant), await newSigner(caller.tenant)].sort()
  await joinPool('payroll', members)
  await joinPool('b', members.slice(0, 1))
})

const post = (changes: object = {}, key = caller.key) =>
  newApi().post('/v1/transfers', {
    key,
    headers: { 'Idempotency-Key': crypto.randomUUID() },
    body: { ...caller.body, from: 'pool:payroll', ...changes },
  })

describe('posting from a pool', () => {
  it('is taken, and shown as it was asked for', async () => {
    const { status, body } = await post()
    expect(status).toBe(202)
    expect(body).toMatchObject({ from: 'pool:payroll', status: 'accepted', steps: [{ signer: null }] })
  })

  it('of another tenant, of another chain or of none: all the same as an unknown signer', async () => {
    const stranger = await newCaller()
    await joinPool('theirs', [stranger.from])
    const farTenant = await newTenant()
    const far = await newKey(farTenant, 'operator')
    await joinPool('far', [await newSigner(farTenant, 'eip155:5')], 'eip155:5')
    const problems = ['pool:theirs', 'pool:none', `0x${'ab'.repeat(20)}`].map(async (from) => {
      const { status, body } = await post({ from })
      return { status, code: body.code, detail: body.detail }
    })
    const [first, ...others] = await Promise.all(problems)
    expect(first).toMatchObject({ status: 400, code: 'signer_not_found' })
    for (const other of others) expect(other).toEqual(first)
    expect((await post({}, stranger.key)).body.code).toBe('signer_not_found')
    expect((await post({ from: 'pool:far' }, far)).body.code).toBe('signer_not_found')
    expect((await newApi().get('/v1/pools', { key: far })).body.data).toMatchObject([{ chain: 'eip155:5' }])
  })

  it('a name may be another tenant’s too: each gets its own', async () => {
    const other = await newCaller()
    await joinPool('payroll', [other.from])
    const { body } = await newApi().get('/v1/pools', { key: other.key })
    expect(body.data).toMatchObject([
      { name: 'payroll', signers: [expect.stringMatching(new RegExp(other.from, 'i'))] },
    ])
    expect((await post({}, other.key)).status).toBe(202)
  })

  it('a call to one of its signers is refused as any call to a signer', async () => {
    const action = { type: 'call', to: members[0], data: '0x', value: '0' }
    expect((await post({ action })).body.code).toBe('call_to_signer')
  })
})

describe('what is shown', () => {
  it('every signer names its pools', async () => {
    const { body } = await newApi().get('/v1/signers', { key: caller.key })
    const pools = new Map(
      body.data.map((one: { address: string; pools: string[] }) => [one.address.toLowerCase(), one.pools]),
    )
    expect(members.map((member) => pools.get(member))).toEqual([['b', 'payroll'], ['payroll'], ['payroll']])
  })

  it('every pool names its signers, page by page', async () => {
    const key = await newKey(caller.tenant, 'viewer')
    const first = await newApi().get('/v1/pools?limit=1', { key })
    const rest = await newApi().get(`/v1/pools?limit=1&cursor=${first.body.next_cursor}`, { key })
    const all = [...first.body.data, ...rest.body.data]
    expect(rest.body.next_cursor).toBeNull()
    expect(all.map(({ name }) => name)).toEqual(['b', 'payroll'])
    expect(all[1]).toMatchObject({ chain: TEST_CHAIN, from: 'pool:payroll' })
    expect(all[1].signers.map((one: string) => one.toLowerCase())).toEqual(members)
    expect((await newApi().get('/v1/pools?cursor=x', { key })).body.code).toBe('invalid_cursor')
  })

  it('those of others do not exist', async () => {
    const key = await newKey(await newTenant(), 'viewer')
    expect((await newApi().get('/v1/pools', { key })).body.data).toEqual([])
  })
})

/** Signers that stand as they are told to, and take whatever they are given. */
function signersThat(loads: Readonly<Record<string, Partial<SignerLoad>>>) {
  const admitted: string[] = []
  const nudged: string[] = []
  const SIGNER = {
    getByName: (name: string) => ({
      load: async (): Promise<SignerLoad> => {
        const load = loads[name.split('/')[1] ?? '']
        if (load === undefined) throw new Error('it does not answer')
        return { status: 'ready', steps: 0, window: 16, funds: 10n ** 18n, ...load }
      },
      admit: async (_name: unknown, admissions: readonly { key: unknown }[]) => {
        admitted.push(...admissions.map(() => name.split('/')[1] ?? ''))
        return { answers: admissions.map(({ key }) => ({ key, result: 'admitted' })), attempts: [] }
      },
      outcomes: async () => {},
      nudge: async () => void nudged.push(name),
      summary: async () => {
        throw new Error('it does not answer')
      },
    }),
  }
  return { SIGNER, admitted, nudged }
}

const submit = (ids: readonly string[], over: object) =>
  deliver(
    'submissions',
    ids.map((transfer) => ({ v: 1, transfer })),
    1,
    over,
  )

const signerOf = async (id: string) =>
  (await newApi().get(`/v1/transfers/${id}`, { key: caller.key })).body.steps[0].signer?.toLowerCase()

/** One tenant of its own, since what an isolate knows of a pool is good for a second. */
async function newPool(size: number) {
  const tenant = await newTenant()
  const key = await newKey(tenant, 'operator')
  const own = await Promise.all(Array.from({ length: size }, () => newSigner(tenant)))
  await joinPool('team', own)
  caller = { ...caller, tenant, key }
  const posted = async () => (await post({ from: 'pool:team' })).body.id as string
  return { own, posted }
}

describe('the choice', () => {
  it('spreads what comes at once over all members, and each transfer shows its own', async () => {
    const { own, posted } = await newPool(3)
    const ids = await Promise.all(Array.from({ length: 9 }, posted))
    const { SIGNER, admitted } = signersThat(Object.fromEntries(own.map((one) => [one, {}])))
    const { result } = await submit(ids, { SIGNER })
    expect(result.explicitAcks).toHaveLength(9)
    for (const one of own) expect(admitted.filter((to) => to === one)).toHaveLength(3)
    expect((await Promise.all(ids.map(signerOf))).sort()).toEqual(admitted.sort())
  })

  it('once written down is kept, whoever is free when the message comes again', async () => {
    const { own, posted } = await newPool(2)
    const [a = '', b = ''] = own
    const id = await posted()
    const first = signersThat({ [a]: {}, [b]: { status: 'paused' } })
    await submit([id], first)
    const second = signersThat({ [a]: { status: 'paused' }, [b]: {} })
    await submit([id, id], second)
    expect([first.admitted, second.admitted]).toEqual([[a], [a, a]])
    assert(isAddress(b), 'a signer')
    expect(await env.TRANSFER.getByName(id).bind(b)).toMatchObject({ result: 'bound', signer: a })
    expect(await signerOf(id)).toBe(a)
  })

  it('waits where nobody can take it: the message comes again, and the transfer is bound to none', async () => {
    const { own, posted } = await newPool(2)
    const [a = ''] = own
    const id = await posted()
    const { result } = await submit([id], signersThat({ [a]: { status: 'fenced' } }))
    expect(result.retryMessages).toHaveLength(1)
    expect(await signerOf(id)).toBeUndefined()
  })
})

describe('a signer in trouble', () => {
  afterEach(() => vi.useRealTimers())

  it('gives back what it never took, and another member is bound under the next generation', async () => {
    const { own, posted } = await newPool(2)
    const [a = '', b = ''] = own
    const id = await posted()
    await submit([id], signersThat({ [a]: {}, [b]: { status: 'paused' } }))
    expect(await signerOf(id)).toBe(a)
    const later = Date.now() + REBIND_AFTER_MS
    vi.useFakeTimers({ toFake: ['Date'], now: later })
    await env.TRANSFER.getByName(id).nudge('reconciliation')
    vi.useRealTimers()
    assert(isAddress(a) && isAddress(b), 'signers')
    assert(isTransferId(id) && isChainId(TEST_CHAIN), 'a transfer and a chain')
    expect(await env.TRANSFER.getByName(id).bind(b)).toMatchObject({
      result: 'bound',
      signer: b,
      key: { generation: 1 },
    })
    // What asks the first one again, however late, is refused for ever.
    const key = { transfer: id, step: 0, generation: 0 }
    const name = { chain: TEST_CHAIN, address: a, tenant: caller.tenant }
    const action = { type: 'native', to: a, amount: 1n } as const
    const bound_at = unixMs(Date.now())
    const late = { key, action, not_before: null, max_fee_per_gas: null, bound_at }
    const { answers } = await env.SIGNER.getByName(`${TEST_CHAIN}/${a}`).admit(name, [late])
    expect(answers).toMatchObject([{ result: 'refused', reason: 'withdrawn' }])
  })
})

describe('an old copy', () => {
  it('of a transfer, of which the read model has seen more, is not bound anew: it is fenced', async () => {
    const { own, posted } = await newPool(1)
    const id = await posted()
    const row = await env.TRANSFER.getByName(id).row()
    assert(row !== null, 'it is there')
    await projectRows(env.DB, [{ ...row, seq: row.seq + 1 }])
    const { SIGNER, admitted } = signersThat(Object.fromEntries(own.map((one) => [one, {}])))
    await submit([id], { SIGNER })
    expect(admitted).toEqual([])
    const { body } = await newApi().get(`/v1/transfers/${id}`, { key: caller.key })
    expect(body).toMatchObject({ status: 'held', status_reason: 'fenced', steps: [{ signer: null }] })
  })

  it('cannot be told from a sound one without the read model: nobody is chosen meanwhile', async () => {
    const { own, posted } = await newPool(1)
    const id = await posted()
    const { SIGNER, admitted } = signersThat(Object.fromEntries(own.map((one) => [one, {}])))
    const DB = {
      prepare: () => {
        throw new Error('the database is down')
      },
    }
    const { result } = await submit([id], { SIGNER, DB })
    expect(result.retryMessages).toHaveLength(1)
    expect(admitted).toEqual([])
  })
})

describe('cron', () => {
  it('nudges the signer that a transfer from a pool is bound to, and none where none is', async () => {
    const { own, posted } = await newPool(1)
    const [a = ''] = own
    const ids = [await posted(), await posted()]
    await submit(ids.slice(0, 1), signersThat({ [a]: {} }))
    for (const id of ids) {
      const row = await env.TRANSFER.getByName(id).row()
      if (row !== null) await projectRows(env.DB, [{ ...row, next_wake_at: 1 }])
    }
    for (const tick of [SWEEP_CRON, RECONCILE_CRON]) {
      const { SIGNER, nudged } = signersThat({})
      await dispatchTick(tick, Date.now(), { ...env, SIGNER })
      expect(nudged).toContain(`${TEST_CHAIN}/${a}`)
      expect(nudged.filter((name) => !/\/0x[0-9a-f]{40}$/.test(name))).toEqual([])
    }
  })
})
