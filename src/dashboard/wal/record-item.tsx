// One record of the log: one line, and on demand exactly what is written.

import './record-item.css'
import type { LiveRecord } from '../live/live-cursor.ts'
import { CopyButton } from '../parts/copy-button.tsx'
import { Icon } from '../parts/icon.tsx'
import { clockText, durationText, exactText } from '../parts/time.ts'
import { byText, recordFields, recordName, recordTone } from './record-look.ts'

type Props = {
  readonly entry: LiveRecord
  /** When the record before was written; null: this is the first. */
  readonly since: string | null
  readonly symbol: string
  /** Came while somebody looked. */
  readonly isNew: boolean
  readonly isVerified: boolean
}

export function RecordItem({ entry, since, symbol, isNew, isVerified }: Props) {
  const { seq, at, by, record } = entry
  const cause = byText(by)
  const json = JSON.stringify(record, null, 2)
  return (
    <li class="record" data-seq={seq} data-kind={record.kind} data-new={isNew} data-verified={isVerified}>
      <details>
        <summary>
          <span class="record-seq number">{seq}</span>
          <span class={`record-dot tone-${recordTone(record.kind)}`} />
          <span class="record-kind">{recordName(record.kind)}</span>
          <span class="record-fields">
            {recordFields(record, symbol).map((field) => (
              <span key={field.name} class="record-field" title={field.title}>
                <span class="record-label">{field.name}</span>{' '}
                {field.isCode ? <code>{field.text}</code> : field.text}
              </span>
            ))}
          </span>
          <span class="record-by" title={cause.title}>
            {cause.text}
          </span>
          <time class="record-time number" dateTime={at} title={exactText(at)}>
            {clockText(Date.parse(at))}
            <span class="record-since">
              {since === null ? '' : sinceText(Date.parse(at) - Date.parse(since))}
            </span>
          </time>
          <Icon name="chevron" size={14} />
        </summary>
        <div class="record-json">
          <pre>
            <code>{json}</code>
          </pre>
          <CopyButton text={json} what="record" />
        </div>
      </details>
    </li>
  )
}

/** Records of one turn are written together. */
function sinceText(ms: number): string {
  return ms === 0 ? 'same turn' : `+${durationText(ms)}`
}
