// `waybill rebuild`: has the read model written again, step by step, until all is done.

import { z } from 'zod'
import { rebuildStep } from '../../shared/schema/api-rebuild.ts'
import { ApiError, callApi, type Target } from '../api.ts'
import { EXIT, type Exit, type Output } from './outcome.ts'

/** `cursor`: where a run that was interrupted said to go on; null: from the start. */
export async function rebuildCommand(cursor: string | null, target: Target, out: Output): Promise<Exit> {
  const sums = { read: 0, lost: 0, unreadable: 0 }
  for (let next = cursor; ; ) {
    const step = await takeStep(next, target, out)
    sums.read += step.transfers_read
    sums.lost += step.transfers_lost
    sums.unreadable += step.transfers_unreadable
    next = step.next_cursor
    out.note(step.stage === 'packs' ? 'index of the archive' : `${sums.read} transfers`)
    if (next === null) break
  }
  out.line(
    `rebuilt: ${sums.read} transfers, ${sums.lost} of them from the archive alone` +
      (sums.unreadable === 0 ? '' : `; ${sums.unreadable} could not be read`),
  )
  return sums.unreadable === 0 ? EXIT.right : EXIT.wrong
}

async function takeStep(cursor: string | null, target: Target, out: Output) {
  const path = `/v1/rebuild${cursor === null ? '' : `?cursor=${encodeURIComponent(cursor)}`}`
  try {
    const parsed = rebuildStep.safeParse(await callApi(target, 'POST', path))
    if (!parsed.success) throw new ApiError(`an answer that cannot be read: ${z.prettifyError(parsed.error)}`)
    return parsed.data
  } catch (error) {
    if (cursor !== null) out.note(`Go on later with: waybill rebuild --cursor ${cursor}`)
    throw error
  }
}
