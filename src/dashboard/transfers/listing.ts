// The transfers that the page knows, newest first, and how a page of the API joins them. Pure.
//
// A row keeps its object as long as its seq stands still, so that only what changed is drawn again; and an answer of
// the read model that is older than what is known changes nothing.

import type { Transfer } from '../api/wire.ts'

type ListPage = { readonly data: readonly Transfer[]; readonly next_cursor?: string | null }

/** A later page that was asked for: it begins after `anchor`. */
export type LoadedPage = { readonly cursor: string; readonly anchor: string }

export type Listing = {
  readonly items: readonly Transfer[]
  readonly later: readonly LoadedPage[]
  /** What brings the transfers older than the last item; null: there are none. */
  readonly nextCursor: string | null
}

/** Joins the newest page: new items go on top, known older ones stay. */
export function withNewest(listing: Listing | null, page: ListPage): Listing {
  const nextCursor = page.next_cursor ?? null
  const fresh: Listing = { items: newest(listing, page), later: [], nextCursor }
  if (listing === null || nextCursor === null) return fresh
  const overlap = lastIndexIn(listing.items, page.data)
  // Nothing in common: more came in between than a page holds, so what is known does not adjoin it.
  if (overlap < 0) return fresh
  const older = listing.items.slice(overlap + 1)
  return older.length === 0 ? fresh : { ...listing, items: [...fresh.items, ...older] }
}

/** Joins a page after a cursor, asked for the first time or again. */
export function withLater(listing: Listing, loaded: LoadedPage, page: ListPage): Listing {
  const items = newest(listing, page)
  const anchor = listing.items.findIndex((item) => item.id === loaded.anchor)
  if (loaded.cursor === listing.nextCursor) {
    return {
      items: [...notIn(listing.items, page.data), ...items],
      later: [...listing.later, loaded],
      nextCursor: page.next_cursor ?? null,
    }
  }
  const end = lastIndexIn(listing.items, page.data)
  if (anchor < 0 || end <= anchor) return listing
  const around = [...listing.items.slice(0, anchor + 1), ...items, ...listing.items.slice(end + 1)]
  return { ...listing, items: firstOfEach(around) }
}

/** Takes news of one transfer that is listed; of others it knows nothing. */
export function withOne(listing: Listing, transfer: Transfer): Listing {
  const index = listing.items.findIndex((item) => item.id === transfer.id)
  const known = listing.items[index]
  if (known === undefined || known.seq >= transfer.seq) return listing
  return { ...listing, items: listing.items.with(index, transfer) }
}

function newest(listing: Listing | null, page: ListPage): Transfer[] {
  const known = new Map(listing?.items.map((item) => [item.id, item]))
  return page.data.map((item) => {
    const before = known.get(item.id)
    return before !== undefined && before.seq >= item.seq ? before : item
  })
}

function lastIndexIn(items: readonly Transfer[], page: readonly Transfer[]): number {
  const ids = new Set(page.map((item) => item.id))
  return items.findLastIndex((item) => ids.has(item.id))
}

function notIn(items: readonly Transfer[], page: readonly Transfer[]): Transfer[] {
  const ids = new Set(page.map((item) => item.id))
  return items.filter((item) => !ids.has(item.id))
}

function firstOfEach(items: readonly Transfer[]): Transfer[] {
  const seen = new Set<string>()
  return items.filter((item) => {
    const isNew = !seen.has(item.id)
    seen.add(item.id)
    return isNew
  })
}
