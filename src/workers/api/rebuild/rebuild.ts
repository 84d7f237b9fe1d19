// POST /v1/rebuild: writes the read model again, a bounded step at a time. The objects are the truth; of one that is lost
// the archive tells. Nothing is deleted, and a row that is newer than what is found stays.

import { z } from 'zod'
import { indexPacks } from '../../../shared/adapters/archive/index-packs.ts'
import { PACK_VERSION } from '../../../shared/archive/pack-index.ts'
import { ok } from '../../../shared/lib/result.ts'
import type { RebuildStep } from '../../../shared/schema/api-rebuild.ts'
import { isTransferId } from '../../../shared/transfer/transfer-id.ts'
import { jsonAnswer } from '../answer.ts'
import { fromDatabase } from '../dependency.ts'
import { EXAMPLE_REBUILD_STEP } from '../openapi/examples.ts'
import type { Operation, Outcome, TenantCall } from '../operation.ts'
import { decodeCursor, encodeCursor, pageQuery, readQuery } from '../query.ts'
import { rebuildTransfers } from './rebuild-transfers.ts'

/** Packs of one step: two reads and a D1 batch each. */
const PACKS_A_STEP = 50

export const rebuild: Operation = {
  name: 'rebuild',
  method: 'post',
  path: '/v1/rebuild',
  group: 'Service',
  summary: 'Write the read model again',
  description:
    'One step of it: repeat with `cursor` until `next_cursor` is null. Rows of your transfers are written again from ' +
    'their objects, and from the archive where an object is lost; the index of the archive is written first. It can be ' +
    'repeated and interrupted at will.',
  query: z.strictObject({ cursor: pageQuery.cursor }),
  headers: [],
  answers: {
    200: { description: 'What the step did.', schema: 'RebuildStep', example: EXAMPLE_REBUILD_STEP },
  },
  problems: ['invalid_cursor', 'invalid_field', 'unknown_field', 'duplicate_field'],
  role: 'admin',
  handle: handleRebuild,
}

type Place = { readonly stage: RebuildStep['stage']; readonly after: string }

async function handleRebuild(call: TenantCall): Promise<Outcome> {
  const query = readQuery(call.request, z.strictObject({ cursor: pageQuery.cursor }))
  if (!query.ok) return query
  const place = decodeCursor(query.value.cursor, readPlace)
  if (!place.ok) return place
  const { stage, after } = place.value ?? { stage: 'packs', after: '' }
  const step = stage === 'packs' ? await indexStep(call, after) : await rebuildTransfers(call, after)
  return ok(jsonAnswer(step))
}

async function indexStep(call: TenantCall, after: string): Promise<RebuildStep> {
  const next = await fromDatabase(() => indexPacks(call.env, after === '' ? null : after, PACKS_A_STEP))
  return {
    stage: 'packs',
    // Packs hold logs of every tenant: how many there are is nobody's business.
    ...{ transfers_read: 0, transfers_lost: 0, transfers_unreadable: 0 },
    next_cursor: next === null ? encodeCursor('transfers', '') : encodeCursor('packs', next),
  }
}

function readPlace([stage, after, ...more]: readonly string[]): Place | null {
  if (after === undefined || more.length > 0) return null
  if (stage === 'packs' && after.startsWith(`packs/${PACK_VERSION}/`)) return { stage, after }
  return stage === 'transfers' && (after === '' || isTransferId(after)) ? { stage, after } : null
}
