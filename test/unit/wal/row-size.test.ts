// Guarantee: no row is larger than its limit, also where the text is not ASCII: production refuses rows of 2 MB.

import { expect, test } from 'vitest'
import { GROUP_MAX_BYTES } from '../../../src/durable-objects/wal/turn-rows.ts'
import { type RecordCodec, Wal } from '../../../src/durable-objects/wal/wal.ts'
import type { Json } from '../../../src/shared/lib/canonical-json.ts'
import { START } from '../../support/domain-values.ts'
import { nodeStorage } from '../../support/node-storage.ts'
import { IDENTITY } from '../../support/wal-groups.ts'

const codec: RecordCodec<Json> = { encode: (record) => record, decode: (json) => json }

test('a turn of many records with characters of three bytes is split by its bytes', () => {
  const storage = nodeStorage()
  const wal = Wal.create(storage, codec, IDENTITY, 1)
  wal.append(
    Array.from({ length: 9 }, () => '語'.repeat(100_000)),
    { at: START, by: { source: 'queue' } },
  )
  const rows = storage.sql.exec('SELECT octet_length(leaves) - 2 AS bytes FROM wal').toArray()
  for (const { bytes } of rows) expect(Number(bytes)).toBeLessThanOrEqual(GROUP_MAX_BYTES)
})
