// Whether what is shown is live.

import './live-badge.css'
import type { LiveState } from '../live/live-socket.ts'
import { useNow } from '../parts/now.ts'

export function LiveBadge({ state, retryNow }: { readonly state: LiveState; readonly retryNow: () => void }) {
  return (
    <span class="live-badge" data-live={state.at}>
      <span class="live-dot" />
      {state.at === 'live' && 'Live'}
      {state.at === 'connecting' && 'Connecting…'}
      {state.at === 'waiting' && (
        <>
          <Countdown untilMs={state.retryAtMs} />
          <button type="button" class="live-retry" onClick={retryNow}>
            Retry now
          </button>
        </>
      )}
    </span>
  )
}

function Countdown({ untilMs }: { readonly untilMs: number }) {
  const text = useNow((nowMs) => {
    const seconds = Math.ceil((untilMs - nowMs) / 1000)
    return seconds > 1 ? `Reconnecting in ${seconds}s` : 'Reconnecting…'
  })
  return <span class="number">{text}</span>
}
