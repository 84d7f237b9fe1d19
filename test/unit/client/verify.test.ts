// Guarantee: what the command calls verified is verified, and what it calls damaged it names by its place.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { verifyCommand } from '../../../src/client/command/verify.ts'
import { verifyPack } from '../../../src/client/verify-pack.ts'
import { verifyWal } from '../../../src/client/verify-wal.ts'
import { encodePack } from '../../../src/shared/schema/pack.ts'
import { partOf, type TestLog, testLog, verifiedOf } from '../../support/archive-parts.ts'
import { holds } from '../../support/property.ts'

const dir = mkdtempSync(join(tmpdir(), 'waybill-verify-'))

afterAll(() => rmSync(dir, { recursive: true, force: true }))

/** As it comes over the wire. */
function documentOf({ identity, groups }: TestLog) {
  const { seq = 0, digest = '' } = groups.at(-1) ?? {}
  return { ...identity, head: { seq, digest }, groups }
}

describe('a log', () => {
  // What zod's JSON drops is not of any log of ours: a member of this name is no field of a record.
  const log = testLog.filter(({ groups }) => !JSON.stringify(groups).includes('__proto__'))

  test('as it is verifies', () => {
    holds(
      fc.property(log, (one) => {
        const { head } = documentOf(one)
        expect(verifyWal(documentOf(one))).toEqual({ ok: true, value: { groups: one.groups, head } })
      }),
    )
  })

  test('that is cut, reordered, changed or of another object does not', () => {
    holds(
      fc.property(log, fc.nat(), (one, pick) => {
        const document = documentOf(one)
        const at = pick % one.groups.length
        const { seq = 0 } = one.groups[at] ?? {}
        const without = one.groups.toSpliced(at, 1)
        const last = at === one.groups.length - 1
        const before = one.groups.at(-2)?.seq ?? 0
        const cut = last
          ? { reason: 'incomplete', seq: before }
          : { reason: 'gap', seq: one.groups[at + 1]?.seq }
        expect(verifyWal({ ...document, groups: without })).toEqual({ ok: false, error: cut })
        const changed = one.groups.with(at, {
          ...partOf(one, at).groups[0],
          records: [{ forged: true }],
        } as never)
        const { ok } = verifyWal({ ...document, groups: changed })
        expect(ok).toBe(false)
        expect(verifyWal({ ...document, object: `${document.object}x` }).ok).toBe(false)
        const head = { seq, digest: 'f'.repeat(64) }
        expect(verifyWal({ ...document, groups: one.groups.slice(0, at + 1), head })).toEqual({
          ok: false,
          error: { reason: 'head', seq },
        })
      }),
    )
  })

  test.each([null, undefined, {}, [], 'x', { groups: [] }])('is not %j', (document) => {
    expect(verifyWal(document)).toEqual({ ok: false, error: { reason: 'unreadable', seq: 0 } })
  })
})

async function told(bytes: Uint8Array | string) {
  const file = join(dir, 'file')
  writeFileSync(file, bytes)
  const lines: string[] = []
  const noTarget = () => {
    throw new Error('nobody is asked about a file')
  }
  const exit = await verifyCommand(file, noTarget, { line: (text) => lines.push(text), note: () => {} })
  return { exit, last: lines.at(-1) }
}

test('the command tells a pack from a log, and says what is wrong with either', async () => {
  const [one, other] = fc.sample(testLog, { numRuns: 2, seed: 7 })
  if (one === undefined || other === undefined) throw new Error('two logs')
  const { bytes } = encodePack('sealed', 1, [verifiedOf(partOf(one)), verifiedOf(partOf(other))])
  const records = (one.groups.at(-1)?.seq ?? 0) + (other.groups.at(-1)?.seq ?? 0)
  expect(verifyPack(bytes)).toMatchObject({ ok: true })
  expect(await told(bytes)).toEqual({
    exit: 0,
    last: `verified: a pack (sealed) of 2 parts with ${records} records`,
  })
  const changed = bytes.slice()
  changed[20] = (changed[20] ?? 0) ^ 1
  expect(await told(changed)).toEqual({
    exit: 1,
    last: 'damaged: frame 0 of the pack is not what was written',
  })
  expect(await told(bytes.slice(0, -9))).toEqual({ exit: 1, last: 'damaged: this is no whole pack' })
  expect(await told(JSON.stringify(documentOf(one)))).toMatchObject({ exit: 0 })
  expect(await told('{}')).toEqual({ exit: 1, last: 'damaged: this is no log' })
  expect(await told('no JSON')).toEqual({ exit: 1, last: 'damaged: this is no log' })
})
