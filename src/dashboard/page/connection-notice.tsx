// Says that the server cannot be reached, over the page: nothing moves, and what was known stays to be read.

import './connection-notice.css'
import { faultText } from '../api/fault.ts'
import { Icon } from '../parts/icon.tsx'
import { useNow } from '../parts/now.ts'
import type { Polling } from './use-poll.ts'

export function ConnectionNotice({ polling }: { readonly polling: Polling }) {
  const { fault, retryAtMs, askNow } = polling
  return (
    <div class="notice-place" role="status">
      {fault !== null && fault.reason !== 'unauthorized' && (
        <div class="notice">
          <Icon name={fault.reason === 'unreachable' ? 'offline' : 'alert'} />
          <p>
            {faultText(fault)} {retryAtMs !== null && <Retry atMs={retryAtMs} />}
          </p>
          <button type="button" class="button" onClick={askNow}>
            Retry now
          </button>
        </div>
      )}
    </div>
  )
}

/** Not told again every second to those who listen. */
function Retry({ atMs }: { readonly atMs: number }) {
  const text = useNow((nowMs) => {
    const seconds = Math.ceil((atMs - nowMs) / 1000)
    return seconds > 0 ? `Next try in ${seconds}s.` : 'Trying…'
  })
  return (
    <span class="number notice-retry" aria-hidden="true">
      {text}
    </span>
  )
}
