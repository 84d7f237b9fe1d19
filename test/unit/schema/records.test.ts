// Guarantee: every record that a log can hold is written in one form and read back as it was; what is not a record is
// refused in both directions.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { CHAIN_RECORD_KINDS } from '../../../src/shared/chain/records.ts'
import { canonicalJson } from '../../../src/shared/lib/canonical-json.ts'
import { chainRecord } from '../../../src/shared/schema/chain-record.ts'
import { signerRecord } from '../../../src/shared/schema/signer-record.ts'
import { transferRecord } from '../../../src/shared/schema/transfer-record.ts'
import { by, wireGroup } from '../../../src/shared/schema/wal-document.ts'
import { SIGNER_RECORD_KINDS } from '../../../src/shared/signer/state/records.ts'
import { TRANSFER_RECORD_KINDS } from '../../../src/shared/transfer/records.ts'
import * as arbitrary from '../../support/arbitraries.ts'
import { holds } from '../../support/property.ts'
import { chainRecords, signerRecords, transferRecords } from '../../support/record-arbitraries.ts'
import { groupsOf, IDENTITY, turn } from '../../support/wal-groups.ts'

/** Fields that records of earlier versions do not have: left out they mean what those meant. */
const OPTIONAL: ReadonlySet<string> = new Set([
  'admitted batch',
  'admitted speed',
  'admitted deadline',
  'admitted carriage_gas',
  'held cap',
  'reserved untried',
  'signed number',
  'settled through',
])

const LOGS = [
  { log: 'transfer', kinds: TRANSFER_RECORD_KINDS, records: transferRecords, schema: transferRecord },
  { log: 'signer', kinds: SIGNER_RECORD_KINDS, records: signerRecords, schema: signerRecord },
  { log: 'chain', kinds: CHAIN_RECORD_KINDS, records: chainRecords, schema: chainRecord },
] as const

describe.each(LOGS)("the $log's record", ({ kinds, records, schema }) => {
  const codec: z.ZodType = schema
  const cases = Object.entries<fc.Arbitrary<{ readonly kind: string }>>(records)

  test('has a case for every kind, and every kind has a form', () => {
    expect(cases.map(([kind]) => kind).sort()).toEqual([...kinds].sort())
    expect(schema.options.map((option) => option.shape.kind.value).sort()).toEqual([...kinds].sort())
  })

  test.each(cases)('%s is read back as it was written, and no field more or less is taken', (_, record) => {
    holds(
      fc.property(record, (value) => {
        const wire: unknown = JSON.parse(canonicalJson(z.encode(codec, value)))
        const read = codec.parse(wire)
        expect(read).toEqual(value)
        expect(canonicalJson(z.encode(codec, read))).toBe(canonicalJson(wire))
        expect(codec.safeParse({ ...value, extra: 1 }).success).toBe(false)
        for (const name of Object.keys(value)) {
          if (OPTIONAL.has(`${value.kind} ${name}`)) continue
          const rest = Object.fromEntries(Object.entries(value).filter(([other]) => other !== name))
          expect(() => z.encode(codec, rest), `without ${name}`).toThrow()
        }
      }),
      20,
    )
  })

  test('of a kind that nobody knows is refused', () => {
    expect(codec.safeParse({ kind: 'invented' }).success).toBe(false)
    expect(() => z.encode(codec, { kind: 'invented' })).toThrow()
  })
})

test('a group is read back as it was written, and with its cause', () => {
  holds(
    fc.property(fc.array(turn, { minLength: 1, maxLength: 3 }), (turns) => {
      for (const group of groupsOf(IDENTITY, turns)) {
        expect(wireGroup.parse(JSON.parse(JSON.stringify(group)))).toEqual(group)
        expect(wireGroup.safeParse({ ...group, records: [] }).success).toBe(false)
        expect(wireGroup.safeParse({ ...group, v: 2 }).success).toBe(false)
      }
    }),
    50,
  )
})

test('a cause is one of those that are known', () => {
  holds(
    fc.property(arbitrary.by, (cause) => {
      expect(by.parse(JSON.parse(JSON.stringify(cause)))).toEqual(cause)
    }),
  )
  for (const odd of [
    { source: 'magic' },
    { source: 'api' },
    { source: 'signer' },
    { source: 'queue', view: 1 },
    {},
  ]) {
    expect(by.safeParse(odd).success, JSON.stringify(odd)).toBe(false)
  }
})
