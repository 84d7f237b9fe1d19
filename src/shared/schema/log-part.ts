// The text of a part <-> what it says. Reading checks the form; verifyPart checks what it says.

import { z } from 'zod'
import { type LogPart, PART_VERSION } from '../archive/log-part.ts'
import type { Json } from '../lib/canonical-json.ts'
import { count } from './scalars.ts'
import { wireGroup } from './wal-document.ts'

const mark = z.strictObject({ number: count, digest: z.string() })

const header = z.strictObject({
  v: z.literal(PART_VERSION),
  class: z.string(),
  object: z.string(),
  incarnation: count,
  tenant: z.string().nullable(),
  start: z.strictObject({ seq: count, trail: z.array(mark).min(1).readonly() }),
})

/** What JSON.parse gave is JSON; to check it again member by member would lose one called `__proto__`. */
const group = wireGroup.extend({ records: z.array(z.custom<Json>()).min(1).readonly() })
const groups = z.array(group).min(1)

/** Null: it is no part. */
export function parsePart(text: string): LogPart | null {
  try {
    const [first = '', ...lines] = text.split('\n')
    const { v: _, ...rest } = header.parse(JSON.parse(first))
    return { ...rest, groups: groups.parse(lines.map((line) => JSON.parse(line))) }
  } catch {
    return null
  }
}
