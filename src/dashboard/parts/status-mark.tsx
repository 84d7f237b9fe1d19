// A status as a small sign whose shape tells it too, not only its color.

import './status-mark.css'
import type { Status } from '../../shared/transfer/status.ts'
import { type Mark, statusLook } from './status.ts'

/** Of the filling ring: half of its radius, so that its stroke fills it from the middle. */
const PIE_RADIUS = 2
const PIE_LENGTH = 2 * Math.PI * PIE_RADIUS

const SIGNS: Record<Exclude<Mark, 'ring'>, string> = {
  check: 'm5.25 8.25 2 2 3.5-4',
  cross: 'm6 6 4 4m0-4-4 4',
  slash: 'M5.75 8h4.5',
  clock: 'M8 5.25V8l1.75 1.25',
  pause: 'M6.75 6v4m2.5-4v4',
  question: 'M6.6 6.7c0-.8.6-1.3 1.4-1.3s1.4.5 1.4 1.2c0 .9-1.4 1-1.4 2m0 1.9v.01',
}

export function StatusMark({ status }: { readonly status: Status }) {
  const { tone, mark, filled } = statusLook(status)
  const isSolid = mark === 'check' || mark === 'cross' || mark === 'slash' || mark === 'clock'
  return (
    <svg
      class={`status-mark tone-${tone}`}
      data-solid={isSolid}
      aria-hidden="true"
      width="16"
      height="16"
      viewBox="0 0 16 16"
    >
      <circle
        class="status-mark-ring"
        cx="8"
        cy="8"
        r="5.75"
        stroke-dasharray={filled === 0 && mark === 'ring' ? '2 2.02' : undefined}
      />
      {mark === 'ring' ? (
        <circle
          class="status-mark-pie"
          cx="8"
          cy="8"
          r={PIE_RADIUS}
          stroke-dasharray={`${filled * PIE_LENGTH} ${PIE_LENGTH}`}
          transform="rotate(-90 8 8)"
        />
      ) : (
        <path class="status-mark-sign" d={SIGNS[mark]} />
      )}
    </svg>
  )
}
