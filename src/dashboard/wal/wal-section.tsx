// The log of one transfer, growing.

import './wal-section.css'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { Api } from '../api/api.ts'
import type { Live } from '../live/use-live.ts'
import { LiveBadge } from './live-badge.tsx'
import { RecordItem } from './record-item.tsx'
import { VerifyBar } from './verify-bar.tsx'

type Props = { readonly api: Api; readonly id: string; readonly live: Live; readonly symbol: string }

export function WalSection({ api, id, live, symbol }: Props) {
  const { records, state } = live
  const [verifiedSeq, setVerifiedSeq] = useState(0)
  const end = useRef<HTMLDivElement>(null)
  const firstLiveSeq = useFirstLiveSeq(live)
  useFollowEnd(end, firstLiveSeq === null ? 0 : records.length)
  return (
    <section class="wal" aria-labelledby="wal-title">
      <header class="wal-head">
        <h2 id="wal-title">
          Write-ahead log <span class="wal-count number">{records.length > 0 && records.length}</span>
        </h2>
        <LiveBadge state={state} retryNow={live.retryNow} />
      </header>
      <VerifyBar api={api} id={id} records={records} onVerified={setVerifiedSeq} />
      <ol class="wal-records" aria-label="Records, oldest first">
        {records.map((entry, index) => (
          <RecordItem
            key={entry.seq}
            entry={entry}
            since={records[index - 1]?.at ?? null}
            symbol={symbol}
            isNew={firstLiveSeq !== null && entry.seq >= firstLiveSeq}
            isVerified={entry.seq <= verifiedSeq}
          />
        ))}
      </ol>
      {records.length === 0 && (
        <p class="wal-empty">{state.at === 'live' ? 'Nothing is written yet.' : 'Reading the log…'}</p>
      )}
      <div ref={end} class="wal-end" />
    </section>
  )
}

/** Records from here on came while somebody looked; null: the replay is not done. */
function useFirstLiveSeq({ records, state }: Live): number | null {
  const first = useRef<number | null>(null)
  if (first.current === null && state.at === 'live') first.current = (records.at(-1)?.seq ?? 0) + 1
  return first.current
}

/** Whoever reads the end of the log stays there while it grows; nobody else is moved, and nobody by the replay. */
function useFollowEnd(end: { readonly current: HTMLDivElement | null }, length: number): void {
  const isEndSeen = useRef(false)
  const followed = useRef(0)

  useEffect(() => {
    const element = end.current
    if (element === null) return
    const observer = new IntersectionObserver(([entry]) => {
      isEndSeen.current = entry?.isIntersecting ?? false
    })
    observer.observe(element)
    return () => observer.disconnect()
  }, [end])

  // It is the growth that is followed.
  useEffect(() => {
    if (followed.current > 0 && isEndSeen.current) end.current?.scrollIntoView({ block: 'nearest' })
    followed.current = length
  }, [end, length])
}
