// The list of transfers, kept up to date while it is looked at.

import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import type { Api } from '../api/api.ts'
import type { Fault } from '../api/fault.ts'
import type { Transfer } from '../api/wire.ts'
import { type Polling, usePoll } from '../page/use-poll.ts'
import { isFinal } from '../parts/status.ts'
import { type Listing, type LoadedPage, withLater, withNewest, withOne } from './listing.ts'
import { VIEW_STATUSES, type View } from './view.ts'

/** Milliseconds. As fast as the fastest chains make blocks that anybody watches. */
const POLL_MS = 1_000

export type More =
  | { readonly at: 'idle' }
  | { readonly at: 'loading' }
  | { readonly at: 'failed'; readonly fault: Fault }

export type Transfers = {
  /** null: not known yet. */
  readonly listing: Listing | null
  readonly polling: Polling
  readonly more: More
  readonly loadMore: () => void
  /** Newer news of one transfer, from its own actor. */
  readonly note: (transfer: Transfer) => void
}

export function useTransfers(api: Api, view: View): Transfers {
  const [shown, setShown] = useState<{ view: View; listing: Listing | null }>({ view, listing: null })
  const [more, setMore] = useState<More>({ at: 'idle' })
  const turn = useRef(0)
  const listing = shown.view === view ? shown.listing : null

  // An answer may come when its view is left: it changes only a list of its own view.
  const change = useCallback(
    (next: (listing: Listing | null) => Listing | null) =>
      setShown((before) => ({ view, listing: next(before.view === view ? before.listing : null) })),
    [view],
  )

  const polling = usePoll(view, POLL_MS, async (signal) => {
    const statuses = VIEW_STATUSES[view]
    const newest = await api.transfers({ statuses }, signal)
    if (!newest.ok) return newest.error
    if (signal.aborted) return null
    change((before) => withNewest(before, newest.value))
    const loaded = nextToRefresh(listing, turn)
    if (loaded === null) return null
    const again = await api.transfers({ statuses, cursor: loaded.cursor }, signal)
    if (!again.ok) return again.error
    if (!signal.aborted) change((before) => (before === null ? null : withLater(before, loaded, again.value)))
    return null
  })

  const loadMore = useCallback(async () => {
    const cursor = listing?.nextCursor ?? null
    const anchor = listing?.items.at(-1)?.id
    if (cursor === null || anchor === undefined) return
    setMore({ at: 'loading' })
    const page = await api.transfers({ statuses: VIEW_STATUSES[view], cursor })
    setMore(page.ok ? { at: 'idle' } : { at: 'failed', fault: page.error })
    if (page.ok)
      change((before) => (before === null ? null : withLater(before, { cursor, anchor }, page.value)))
  }, [api, view, listing, change])

  // Another view has loaded nothing more yet.
  useEffect(() => setMore({ at: 'idle' }), [view])

  const note = useCallback(
    (transfer: Transfer) => change((before) => (before === null ? null : withOne(before, transfer))),
    [change],
  )

  return { listing, polling, more, loadMore, note }
}

/** One later page per poll, in turn, as long as something on them can still change. */
function nextToRefresh(listing: Listing | null, turn: { current: number }): LoadedPage | null {
  if (listing === null || listing.later.length === 0) return null
  const first = listing.later[0]
  const from = listing.items.findIndex((item) => item.id === first?.anchor)
  if (!listing.items.slice(from + 1).some((item) => !isFinal(item.status))) return null
  turn.current = (turn.current + 1) % listing.later.length
  return listing.later[turn.current] ?? null
}
