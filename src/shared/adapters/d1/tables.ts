// The D1 tables as drizzle sees them. The SQL in migrations/ is what makes them; a test holds the two together.

import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { PACK_KINDS } from '../../archive/pack-index.ts'
import { ROLES } from '../../tenancy/role.ts'
import { STATUSES } from '../../transfer/status.ts'

/** `fenced`: it must not sign or end. `paused`: its signer waits for funds. */
export const ALERT_KINDS = ['fenced', 'paused'] as const
export type AlertKind = (typeof ALERT_KINDS)[number]

export const tenants = sqliteTable('tenants', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  created_at: integer('created_at').notNull(),
})

export const apiKeys = sqliteTable('api_keys', {
  id: text('id').primaryKey(),
  tenant: text('tenant').notNull(),
  hash: text('hash').notNull(),
  role: text('role', { enum: ROLES }).notNull(),
  tier: text('tier').notNull(),
  created_at: integer('created_at').notNull(),
  revoked_at: integer('revoked_at'),
})

export const signers = sqliteTable(
  'signers',
  {
    chain: text('chain').notNull(),
    address: text('address').notNull(),
    tenant: text('tenant').notNull(),
    kind: text('kind', { enum: ['plain', 'delegated'] }).notNull(),
    created_at: integer('created_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.chain, table.address] })],
)

export const poolMembers = sqliteTable(
  'pool_members',
  {
    chain: text('chain').notNull(),
    address: text('address').notNull(),
    pool: text('pool').notNull(),
    created_at: integer('created_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.chain, table.address, table.pool] })],
)

export const transfers = sqliteTable('transfers', {
  id: text('id').primaryKey(),
  tenant: text('tenant').notNull(),
  chain: text('chain').notNull(),
  status: text('status', { enum: STATUSES }).notNull(),
  is_final: integer('is_final').notNull(),
  from_address: text('from_address').notNull(),
  to_address: text('to_address').notNull(),
  token: text('token'),
  kind: text('kind').notNull(),
  reference: text('reference'),
  incarnation: integer('incarnation').notNull(),
  seq: integer('seq').notNull(),
  created_at: integer('created_at').notNull(),
  updated_at: integer('updated_at').notNull(),
  next_wake_at: integer('next_wake_at'),
  document: text('document').notNull(),
})

export const transferFees = sqliteTable('transfer_fees', {
  transfer: text('transfer').primaryKey(),
  tenant: text('tenant').notNull(),
  chain: text('chain').notNull(),
  ended_at: integer('ended_at').notNull(),
  kind: text('kind').notNull(),
  hash: text('hash').notNull(),
  gas_used: text('gas_used').notNull(),
  fee_paid: text('fee_paid').notNull(),
  baseline: text('baseline'),
})

export const parkedMessages = sqliteTable('parked_messages', {
  id: text('id').primaryKey(),
  queue: text('queue').notNull(),
  body: text('body').notNull(),
  attempts: integer('attempts').notNull(),
  parked_at: integer('parked_at').notNull(),
  replayed_at: integer('replayed_at'),
})

export const reconciliationReports = sqliteTable('reconciliation_reports', {
  id: integer('id').primaryKey(),
  started_at: integer('started_at').notNull(),
  finished_at: integer('finished_at').notNull(),
  checked: integer('checked').notNull(),
  repaired: integer('repaired').notNull(),
  driven: integer('driven').notNull(),
  off_chain: integer('off_chain').notNull(),
  failed: integer('failed').notNull(),
  details: text('details').notNull(),
  resume_after: text('resume_after'),
})

export const archivePacks = sqliteTable('archive_packs', {
  key: text('key').primaryKey(),
  kind: text('kind', { enum: PACK_KINDS }).notNull(),
  bytes: integer('bytes').notNull(),
  parts: integer('parts').notNull(),
  created_at: integer('created_at').notNull(),
  looked_at: integer('looked_at').notNull(),
})

export const archiveParts = sqliteTable(
  'archive_parts',
  {
    class: text('class').notNull(),
    object: text('object').notNull(),
    last_seq: integer('last_seq').notNull(),
    first_seq: integer('first_seq').notNull(),
    pack: text('pack').notNull(),
    incarnation: integer('incarnation').notNull(),
    is_sealed: integer('is_sealed').notNull(),
    frame_offset: integer('frame_offset').notNull(),
    frame_length: integer('frame_length').notNull(),
    frame_sha256: text('frame_sha256').notNull(),
    start: integer('start').notNull(),
    length: integer('length').notNull(),
    sha256: text('sha256').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.class, table.object, table.last_seq, table.first_seq, table.pack] }),
  ],
)

export const archiveLogs = sqliteTable(
  'archive_logs',
  {
    class: text('class').notNull(),
    object: text('object').notNull(),
    tenant: text('tenant'),
    incarnation: integer('incarnation').notNull(),
    archived_seq: integer('archived_seq').notNull(),
    sealed_seq: integer('sealed_seq').notNull(),
    looked_at: integer('looked_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.class, table.object] })],
)

export const alerts = sqliteTable(
  'alerts',
  {
    subject: text('subject').notNull(),
    kind: text('kind', { enum: ALERT_KINDS }).notNull(),
    detail: text('detail').notNull(),
    raised_at: integer('raised_at').notNull(),
    seen_at: integer('seen_at').notNull(),
    resolved_at: integer('resolved_at'),
  },
  (table) => [primaryKey({ columns: [table.subject, table.kind, table.raised_at] })],
)
