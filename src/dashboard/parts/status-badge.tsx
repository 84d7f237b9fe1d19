// A status with its mark and name. A change of it is shown by a short glow, never by a move.

import './status-badge.css'
import { useRef } from 'preact/hooks'
import type { Status } from '../../shared/transfer/status.ts'
import { reasonText, statusLook } from './status.ts'
import { StatusMark } from './status-mark.tsx'

type Props = { readonly status: Status; readonly reason?: string | null }

export function StatusBadge({ status, reason = null }: Props) {
  const first = useRef(status)
  const { name, tone, meaning } = statusLook(status)
  const title = reason === null ? meaning : `${meaning} (${reasonText(reason)})`
  return (
    <span
      key={status}
      class={`status-badge tone-${tone}`}
      data-status={status}
      data-changed={first.current !== status}
      title={title}
    >
      <StatusMark status={status} />
      <span class="status-badge-name">{name}</span>
    </span>
  )
}
