// GET /v1/transfers/{id}/wal: all that is needed to verify the log offline (wal/group.ts says how). And /wal/{seq}: the
// proof of one record (wal/proof.ts).

import { z } from 'zod'
import type { Json } from '../lib/canonical-json.ts'
import { ROLES } from '../tenancy/role.ts'
import { type By, OWN_SOURCES } from '../wal/by.ts'
import { WAL_VERSION, type WireGroup } from '../wal/group.ts'
import type { RecordProof } from '../wal/proof.ts'
import { count } from './scalars.ts'

export const by = z.discriminatedUnion('source', [
  z.strictObject({ source: z.literal('api'), key: z.string(), role: z.enum(ROLES) }),
  z.strictObject({ source: z.literal('signer'), view: count }),
  z.strictObject({ source: z.enum(OWN_SOURCES) }),
])
by satisfies z.ZodType<By>

const json: z.ZodType<Json> = z.json()

export const wireGroup = z.strictObject({
  v: z.literal(WAL_VERSION),
  seq: count,
  at: z.string(),
  by,
  records: z.array(json).min(1).readonly(),
  digest: z.string(),
})
wireGroup satisfies z.ZodType<WireGroup>

export const walDocument = z.strictObject({
  class: z.string(),
  object: z.string(),
  /** The end of the whole log, also where `groups` is only a part of it. */
  head: z.strictObject({ seq: count, digest: z.string() }),
  groups: z.array(wireGroup).readonly(),
})
export type WalDocument = z.input<typeof walDocument>

const link = z.strictObject({ number: count, content: z.string(), previous: z.string(), skip: z.string() })

export const recordProof = z.strictObject({
  class: z.string(),
  object: z.string(),
  head: z.strictObject({ seq: count, digest: z.string() }).describe('Of the log, when the proof was made.'),
  links: z
    .array(link)
    .readonly()
    .describe('From the group of the head down to that of the record: what the digest of each is made of.'),
  group: wireGroup
    .omit({ records: true, digest: true })
    .extend({ count, leaves: z.array(z.string()).readonly() })
    .describe('The group of the record without its records: `leaves` are digests of 16 records each.'),
  leaf: count.describe('Which of the leaves holds the record.'),
  records: z.array(json).min(1).readonly().describe('The records of that leaf.'),
})
recordProof satisfies z.ZodType<RecordProof>
export type RecordProofDocument = z.input<typeof recordProof>
