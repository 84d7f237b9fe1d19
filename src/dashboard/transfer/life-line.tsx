// The way of a transfer, from accepted to its end, and where on it the transfer is.

import './life-line.css'
import type { Chain } from '../api/wire.ts'
import type { LiveRecord } from '../live/live-cursor.ts'
import { statusLook } from '../parts/status.ts'
import { StatusMark } from '../parts/status-mark.tsx'
import { durationText, exactText } from '../parts/time.ts'
import { lifeOf, type Moment, momentText, type Stage } from './life.ts'

type Props = {
  readonly moment: Moment
  readonly needed: number
  readonly records: readonly LiveRecord[]
  readonly chain: Chain | null
}

export function LifeLine({ moment, needed, records, chain }: Props) {
  const stages = lifeOf(moment, records, chain)
  return (
    <section class="life" aria-label="Life of the transfer">
      <ol class="life-line">
        {stages.map((stage, index) => (
          <StageItem key={stage.key} stage={stage} since={lastTimeBefore(stages, index)} />
        ))}
      </ol>
      <p class="life-moment">{momentText(moment, needed, chain)}</p>
    </section>
  )
}

function StageItem({ stage, since }: { readonly stage: Stage; readonly since: string | null }) {
  const { status, standing, at, progress } = stage
  const { name, tone } = statusLook(status)
  const isShown = standing === 'done' || standing === 'now'
  return (
    <li
      class="stage"
      data-standing={standing}
      data-stage={stage.key}
      aria-current={standing === 'now' ? 'step' : undefined}
    >
      <span class={`stage-mark ${isShown ? `tone-${tone}` : ''}`}>
        {standing === 'now' || (stage.key === 'finalized' && isShown) ? (
          <StatusMark status={status} />
        ) : (
          <span class="stage-dot" />
        )}
      </span>
      <span class="stage-way" aria-hidden="true">
        <span style={{ transform: `scaleX(${progress})` }} />
      </span>
      <span class="stage-name">{name}</span>
      <span class="visually-hidden">
        {standing === 'skipped' ? ', skipped' : standing === 'ahead' ? ', ahead' : ''}
      </span>
      <span class="stage-time number" title={at === null || !isShown ? undefined : exactText(at)}>
        {isShown && at !== null && since !== null ? sinceText(Date.parse(at) - Date.parse(since)) : '\u00a0'}
      </span>
    </li>
  )
}

function lastTimeBefore(stages: readonly Stage[], index: number): string | null {
  return stages.slice(0, index).findLast((stage) => stage.at !== null)?.at ?? null
}

function sinceText(ms: number): string {
  return ms === 0 ? 'at once' : `+${durationText(ms)}`
}
