// The archive beside a real chain: what transfers, signers and chains write is in packs about a second later; a user
// verifies it with the command, and has the read model rebuilt.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { walDocument } from '../../src/shared/schema/wal-document.ts'
import { Client, freshAddress } from '../support/client.ts'
import { type Stack, startStack } from '../support/stack.ts'
import { waybill } from '../support/waybill-command.ts'

const TRANSFERS = 6
/** Milliseconds until the archive has what was written; the local queue may be behind where all cores are busy. */
const ARCHIVED_WITHIN_MS = 30_000
/** Milliseconds: a multiple of what is measured on an idle machine, since this one is not. */
const RECOVERY_POINT_MOST_MS = 10_000
/** A good transfer has four or five pieces of news; a slow machine may part what usually comes together. */
const PARTS_MOST = 8

const stateDir = mkdtempSync(join(tmpdir(), 'waybill-archive-'))
let stack: Stack
let client: Client
let ids: readonly string[]
let env: Readonly<Record<string, string>>

beforeAll(async () => {
  stack = await startStack({ stateDir })
  client = new Client(stack)
  env = { WAYBILL_URL: stack.url, WAYBILL_KEY: stack.apiKey }
  const posted = await Promise.all(
    Array.from({ length: TRANSFERS }, (_, index) =>
      client.post(`archive-${index}`, {
        chain: stack.chain,
        from: stack.signers[index % stack.signers.length] ?? '',
        action: { type: 'native', to: freshAddress(`archive ${index}`), amount: '1000' },
      }),
    ),
  )
  ids = posted.map(({ id }) => id)
  await Promise.all(ids.map((id) => client.untilFinal(id)))
})

afterAll(async () => {
  await stack.stop()
  rmSync(stateDir, { recursive: true, force: true })
})

async function rows<T>(schema: z.ZodType<T>, sql: string): Promise<readonly T[]> {
  const [found] = z.array(z.array(z.unknown())).parse(await stack.sql([{ sql, params: [] }]))
  return z.array(schema).parse(found)
}

const archivedLog = z.object({ class: z.string(), object: z.string(), archived_seq: z.number() })
const archivedPart = z.object({
  object: z.string(),
  first_seq: z.number(),
  last_seq: z.number(),
  created_at: z.number(),
})

const logsInArchive = () => rows(archivedLog, 'SELECT class, object, archived_seq FROM archive_logs')

it('every log of every actor is in the archive soon after its last record', async () => {
  const transfers = await Promise.all(ids.map((id) => client.get(id)))
  await vi.waitFor(
    async () => {
      const archived = new Map((await logsInArchive()).map((log) => [log.object, log.archived_seq]))
      expect(transfers.map(({ id }) => archived.get(id))).toEqual(transfers.map(({ seq }) => seq))
    },
    { timeout: ARCHIVED_WITHIN_MS, interval: 200 },
  )
  const classes = new Set((await logsInArchive()).map((log) => log.class))
  expect([...classes].toSorted()).toEqual(['ChainObject', 'SignerObject', 'TransferObject'])
})

it('the recovery point is about a second, and a transfer is packed with its news, not once for each record', async () => {
  const parts = await rows(
    archivedPart,
    `SELECT part.object, first_seq, last_seq, pack.created_at FROM archive_parts part
     JOIN archive_packs pack ON pack.key = part.pack WHERE class = 'TransferObject' ORDER BY pack.created_at`,
  )
  const delays: number[] = []
  for (const id of ids) {
    const { groups } = walDocument.parse((await client.call('GET', `/v1/transfers/${id}/wal`)).body)
    const own = parts.filter(({ object }) => object === id)
    expect(own.length).toBeLessThanOrEqual(PARTS_MOST)
    for (const { seq, at } of groups) {
      const packed = own.find(({ first_seq, last_seq }) => first_seq <= seq && seq <= last_seq)
      delays.push((packed?.created_at ?? Number.POSITIVE_INFINITY) - Date.parse(at))
    }
  }
  delays.sort((one, other) => one - other)
  const at = (share: number) => delays[Math.floor(share * (delays.length - 1))] ?? 0
  console.info(
    `recovery point, ms from commit to pack: p50 ${at(0.5)}, p90 ${at(0.9)}, most ${at(1)}, ` +
      `of ${delays.length} groups in ${parts.length} parts of ${ids.length} transfers`,
  )
  expect(at(1)).toBeLessThan(RECOVERY_POINT_MOST_MS)
})

it('the command verifies a transfer, and a file that holds its log', async () => {
  const [id = ''] = ids
  const { seq, head } = await client.get(id)
  const fetched = await waybill(['verify', id], env)
  expect(fetched).toMatchObject({ exit: 0, errors: '' })
  expect(fetched.out).toContain(`verified: ${seq} records end in ${head}\n`)
  const { body } = await client.call('GET', `/v1/transfers/${id}/wal`)
  const file = join(stateDir, 'wal.json')
  writeFileSync(file, JSON.stringify(body))
  expect(await waybill(['verify', file])).toMatchObject({ exit: 0, out: fetched.out })
  writeFileSync(file, JSON.stringify(body).replace('"amount":"1000"', '"amount":"1001"'))
  const forged = await waybill(['verify', file])
  expect(forged).toMatchObject({
    exit: 1,
    out: 'damaged: the group that ends in seq 1 does not say what was hashed\n',
  })
})

it('the command proves single records, by the head that the caller knows', async () => {
  const [id = ''] = ids
  const { seq, head } = await client.get(id)
  for (const record of [1, seq]) {
    const proved = await waybill(['proof', id, String(record), '--head', head], env)
    expect(proved).toMatchObject({ exit: 0, errors: '' })
    expect(proved.out).toContain(`proved: record ${record} of ${id} stands in the log that ends in ${head}\n`)
  }
  expect(await waybill(['proof', id, '1'], env)).toMatchObject({ exit: 0 })
  expect(await waybill(['proof', id, '1', '--head', 'f'.repeat(64)], env)).toMatchObject({ exit: 1 })
  expect(await waybill(['proof', id, '999'], env)).toMatchObject({ exit: 2 })
})

it('the command has the read model rebuilt exactly as it was', async () => {
  const all = () => rows(z.record(z.string(), z.unknown()), 'SELECT * FROM transfers ORDER BY id')
  const before = await vi.waitFor(
    async () => {
      const now = await all()
      expect(now.filter(({ is_final }) => is_final === 1)).toHaveLength(TRANSFERS)
      return now
    },
    { timeout: ARCHIVED_WITHIN_MS, interval: 200 },
  )
  const tables = ['transfers', 'archive_packs', 'archive_parts', 'archive_logs']
  await stack.sql(tables.map((table) => ({ sql: `DELETE FROM ${table}`, params: [] })))
  const ran = await waybill(['rebuild'], env)
  expect(ran).toMatchObject({
    exit: 0,
    out: `rebuilt: ${TRANSFERS} transfers, 0 of them from the archive alone\n`,
  })
  expect(await all()).toEqual(before)
})

it('the command says what it cannot do, and that it could not look', async () => {
  expect(await waybill(['--help'])).toMatchObject({ exit: 0 })
  const wrong = [[], ['verify'], ['verify', 'a', 'b'], ['proof', 'x'], ['nonsense'], ['--nonsense']]
  const refused = await Promise.all(wrong.map((args) => waybill(args, env)))
  expect(refused.map(({ exit, out }) => ({ exit, out }))).toEqual(wrong.map(() => ({ exit: 2, out: '' })))
  const [id = ''] = ids
  expect(await waybill(['verify', id])).toMatchObject({ exit: 2 })
  const nobody = { WAYBILL_URL: 'http://127.0.0.1:1', WAYBILL_KEY: 'k' }
  expect(await waybill(['verify', id], nobody)).toMatchObject({ exit: 2 })
  const wrongKey = await waybill(['rebuild'], { ...env, WAYBILL_KEY: 'wb_dev_nobody' })
  expect(wrongKey).toMatchObject({ exit: 2 })
  expect(wrongKey.errors).toContain('invalid_key')
  expect(await waybill(['verify', join(stateDir, 'not-there')])).toMatchObject({ exit: 2 })
})
