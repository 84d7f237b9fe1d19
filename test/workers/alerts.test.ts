// Guarantee: a trouble that a person must look into has one open row, from when it was first seen until it is over.

import { env } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import { keepAlerts, type Trouble } from '../../src/shared/adapters/d1/keep-alerts.ts'
import type { SignerSummary } from '../../src/shared/ports/signer-actor.ts'
import { watchTroubles } from '../../src/workers/cron/watch-troubles.ts'

const ADDRESS = '0x00000000000000000000000000000000000a11ce'
const CHAIN = 'eip155:31337'
const SUBJECT = `${CHAIN}/${ADDRESS}`

/** One look at a signer that stands so. */
function look(status: SignerSummary['status'], now: number, fenced: readonly string[] = []): Promise<void> {
  return watchTroubles(
    {
      chains: [],
      knownSigners: async () => [{ chain: CHAIN, address: ADDRESS, tenant: 'acme' }],
      fencedTransfers: async () => fenced,
      signers: {
        getByName: () => ({
          summary: async ({ chain, address }) => ({
            ...{ chain, address, kind: 'plain', status, status_reason: status === 'ready' ? null : 'funds' },
            ...{ balance: null, next_nonce: null, log: null, pool: 0, open_slots: 0 },
          }),
        }),
      },
      chainActors: { getByName: () => ({ summary: () => Promise.reject(new Error('not asked')) }) },
      keep: (troubles: readonly Trouble[], at: number) => keepAlerts(env.DB, troubles, at),
      log: () => {},
    },
    now,
  )
}

async function rows(subject: string): Promise<readonly unknown[]> {
  const statement = env.DB.prepare(
    'SELECT kind, raised_at, seen_at, resolved_at FROM alerts WHERE subject = ? ORDER BY raised_at',
  )
  return (await statement.bind(subject).all()).results
}

it('a signer that is paused has one row, which is closed when it is ready, and a new one the next time', async () => {
  await look('paused', 1_000)
  await look('paused', 2_000)
  expect(await rows(SUBJECT)).toEqual([
    { kind: 'paused', raised_at: 1_000, seen_at: 2_000, resolved_at: null },
  ])
  await look('ready', 3_000)
  await look('fenced', 4_000)
  expect(await rows(SUBJECT)).toEqual([
    { kind: 'paused', raised_at: 1_000, seen_at: 2_000, resolved_at: 3_000 },
    { kind: 'fenced', raised_at: 4_000, seen_at: 4_000, resolved_at: null },
  ])
})

it('a transfer whose log is damaged has a row', async () => {
  await look('ready', 5_000, ['tr_damaged'])
  expect(await rows('tr_damaged')).toMatchObject([{ kind: 'fenced', resolved_at: null }])
})
