// The check in the browser agrees with the server's own writing of the log, and names what does not fit.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalJson } from '../../../src/dashboard/wal/canonical-json.ts'
import { verifyWal } from '../../../src/dashboard/wal/verify.ts'
import { type Json, canonicalJson as serverJson } from '../../../src/shared/lib/canonical-json.ts'
import { unixMs } from '../../../src/shared/lib/time.ts'
import { emptyHead } from '../../../src/shared/wal/group.ts'
import { groupsOf } from '../../support/wal-groups.ts'

const OBJECT = 'tr_a'
const identity = { class: 'transfer', object: OBJECT }

function write(records: readonly (readonly Json[])[]) {
  const turns = records.map((some, index) => {
    return { at: unixMs(index), by: { source: 'signer' as const, view: index }, records: some }
  })
  const groups = groupsOf(identity, turns)
  const { seq, digest } = groups.at(-1) ?? emptyHead(identity)
  return { ...identity, head: { seq, digest }, groups }
}

const record = fc
  .record({ kind: fc.string(), value: fc.jsonValue() })
  .map((value): Json => JSON.parse(JSON.stringify(value)))
const log = fc
  .array(fc.array(record, { minLength: 1, maxLength: 20 }), { minLength: 1, maxLength: 5 })
  .map(write)

describe('verifyWal', () => {
  it('ends in the head of every log that the server writes', async () => {
    await fc.assert(
      fc.asyncProperty(log, async (wal) => {
        const value = { records: wal.head.seq, head: wal.head.digest }
        expect(await verifyWal(wal, OBJECT, [])).toEqual({ ok: true, value })
      }),
    )
  })

  it('names the group of a changed record', async () => {
    await fc.assert(
      fc.asyncProperty(log, fc.nat(), async (wal, pick) => {
        const index = pick % wal.groups.length
        const changed = wal.groups.map((group, at) =>
          at === index ? { ...group, records: group.records.with(0, { kind: 'forged' }) } : group,
        )
        const seq = wal.groups[index]?.seq
        const result = await verifyWal({ ...wal, groups: changed }, OBJECT, [])
        expect(result).toEqual({ ok: false, error: { reason: 'digest', seq } })
      }),
    )
  })

  it('names the place of a missing group', async () => {
    const wal = write([[{ kind: 'a' }], [{ kind: 'b' }], [{ kind: 'c' }]])
    const groups = wal.groups.toSpliced(1, 1)
    const result = await verifyWal({ ...wal, groups }, OBJECT, [])
    expect(result).toEqual({ ok: false, error: { reason: 'gap', seq: 2 } })
  })

  it('misses the end of a log that was cut off', async () => {
    const wal = write([[{ kind: 'a' }], [{ kind: 'b' }]])
    const result = await verifyWal({ ...wal, groups: wal.groups.slice(0, 1) }, OBJECT, [])
    expect(result).toEqual({ ok: false, error: { reason: 'head', seq: 2 } })
  })

  it('does not take the log of another object', async () => {
    const result = await verifyWal(write([[{ kind: 'a' }]]), 'tr_b', [])
    expect(result).toMatchObject({ ok: false, error: { reason: 'object' } })
  })

  it('finds a record that was shown otherwise than it is written', async () => {
    const wal = write([[{ kind: 'a', n: 1 }], [{ kind: 'b' }]])
    const asShown = [
      { seq: 1, record: { n: 1, kind: 'a' } },
      { seq: 2, record: { kind: 'b' } },
    ]
    expect(await verifyWal(wal, OBJECT, asShown)).toMatchObject({ ok: true })
    const forged = asShown.with(1, { seq: 2, record: { kind: 'c' } })
    expect(await verifyWal(wal, OBJECT, forged)).toEqual({ ok: false, error: { reason: 'shown', seq: 2 } })
  })
})

it('writes JSON canonically as the server does', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const json: Json = JSON.parse(JSON.stringify(value))
      expect(canonicalJson(json)).toBe(serverJson(json))
    }),
  )
})
