// The life of a transfer as five stages, of which the middle ones may be skipped. Pure.

import type { Status } from '../../shared/transfer/status.ts'
import type { Chain, Transfer } from '../api/wire.ts'
import type { LiveRecord } from '../live/live-cursor.ts'
import { group } from '../parts/amount.ts'
import { isFinal, reasonText, statusLook } from '../parts/status.ts'
import { spanText } from '../parts/time.ts'

export type Stage = {
  readonly key: (typeof STAGES)[number]
  /** Its status while it is in this stage or where it ended there, else the stage's own. */
  readonly status: Status
  readonly standing: 'done' | 'now' | 'ahead' | 'skipped'
  /** When it was reached, as far as the log that was seen tells. */
  readonly at: string | null
  /** 0 to 1: of the way to the next stage. */
  readonly progress: number
}

const STAGES = ['accepted', 'signed', 'broadcast', 'mined', 'finalized'] as const satisfies readonly Status[]
const LAST = STAGES.length - 1

const STAGE_OF: Record<Status, number> = {
  accepted: 0,
  held: 0,
  queued: 0,
  signed: 1,
  broadcast: 2,
  unclear: 2,
  mined: 3,
  confirmed: 3,
  finalized: LAST,
  failed: LAST,
  expired: LAST,
  canceled: LAST,
}

/** A bar that is nearly full says `soon`; a full one would say `done`. */
const PROGRESS_MOST = 0.97

export type Moment = Pick<Transfer, 'status' | 'status_reason' | 'steps'>

export function lifeOf(
  moment: Moment,
  records: readonly LiveRecord[],
  chain: Chain | null,
): readonly Stage[] {
  const { status } = moment
  const now = STAGE_OF[status] ?? 0
  const before = isFinal(status) ? lastStageBeforeEnd(moment, records) : now
  return STAGES.map((key, index) => ({
    key,
    status: index === now ? status : key,
    standing: standingOf(index, now, before, isFinal(status)),
    at: records.findLast((record) => STAGE_KINDS[key].includes(record.record.kind))?.at ?? null,
    progress: index < before ? 1 : index === now && key === 'mined' ? finalityProgress(moment, chain) : 0,
  }))
}

const STAGE_KINDS: Record<(typeof STAGES)[number], readonly string[]> = {
  accepted: ['accepted'],
  signed: ['signed'],
  broadcast: ['broadcast', 'unclear'],
  mined: ['mined'],
  finalized: ['finalized', 'failed', 'expired', 'canceled'],
}

function standingOf(index: number, now: number, before: number, isOver: boolean): Stage['standing'] {
  if (index === now) return isOver ? 'done' : 'now'
  if (index > now) return 'ahead'
  return index <= before ? 'done' : 'skipped'
}

function lastStageBeforeEnd({ status, steps }: Moment, records: readonly LiveRecord[]): number {
  if (status === 'finalized') return LAST
  const step = steps[0]
  if (step?.block_number != null) return 3
  if (records.some((record) => STAGE_KINDS.broadcast.includes(record.record.kind))) return 2
  return step?.hash != null ? 1 : 0
}

function finalityProgress({ steps }: Moment, chain: Chain | null): number {
  const block = steps[0]?.block_number ?? null
  if (block === null || chain?.head == null || chain.finalized === null) return 0
  const span = chain.head.number - chain.finalized.number
  const left = block - chain.finalized.number
  return span <= 0 ? 0 : Math.min(PROGRESS_MOST, Math.max(0, 1 - left / span))
}

/** One sentence: what is going on now. */
export function momentText(moment: Moment, needed: number, chain: Chain | null): string {
  const { status, status_reason: reason, steps } = moment
  const step = steps[0]
  const look = statusLook(status)
  if (status === 'held' && reason !== null) return `Waits ${reasonText(reason)}. Goes on by itself.`
  if (status === 'failed' && reason !== null) return `Ended without effect: ${reasonText(reason)}.`
  if ((status === 'mined' || status === 'confirmed') && step?.block_number != null) {
    const outcome = reason === null ? '' : ` without effect (${reasonText(reason)})`
    const count = step.confirmations ?? 0
    return `In block ${group(step.block_number)}${outcome}. ${group(count)} of ${group(needed)} ${
      needed === 1 ? 'confirmation' : 'confirmations'
    }${untilFinal(step.block_number, chain)}.`
  }
  // Its bytes are out: a cap keeps better ones.
  return reason === null ? look.meaning : `${look.meaning} Waits ${reasonText(reason)}.`
}

function untilFinal(block: number, chain: Chain | null): string {
  if (chain?.finalized == null) return ''
  const left = block - chain.finalized.number
  if (left <= 0) return ', final now'
  const wait = chain.block_time_ms > 0 ? ` (about ${spanText(left * chain.block_time_ms)})` : ''
  return `, final in ${group(left)} ${left === 1 ? 'block' : 'blocks'}${wait}`
}
