// The list stays what the server has: nothing doubled, nothing missing in between, and never an older row over a newer.

import { describe, expect, it } from 'vitest'
import type { Transfer } from '../../../src/dashboard/api/wire.ts'
import { type Listing, withLater, withNewest, withOne } from '../../../src/dashboard/transfers/listing.ts'
import { transferId } from '../../../src/shared/schema/scalars.ts'
import type { Status } from '../../../src/shared/transfer/status.ts'

function idOf(id: number) {
  return transferId.parse(`tr_${letter(id).repeat(51)}a`)
}

function letter(id: number): string {
  return String.fromCharCode('a'.charCodeAt(0) + id)
}

function transfer(id: number, seq = 1, status: Status = 'accepted'): Transfer {
  const action = { type: 'native' as const, to: '0x1', amount: '1' }
  const at = '2026-01-01T00:00:00.000Z'
  return {
    id: idOf(id),
    status,
    status_reason: null,
    seq,
    head: '',
    chain: 'eip155:1',
    from: '0x2',
    action,
    speed: 'standard',
    confirmations_needed: 1,
    steps: [],
    created_at: at,
    updated_at: at,
    not_before: null,
    deadline: null,
    max_fee_per_gas: null,
    reference: null,
    tags: [],
    links: { self: '', history: '', wal: '', live: '' },
  }
}

/** Newest first, as the server answers. */
const page = (from: number, to: number, cursor: string | null = null) => ({
  data: Array.from({ length: from - to + 1 }, (_, index) => transfer(from - index)),
  next_cursor: cursor,
})

const ids = (listing: Listing) => listing.items.map(({ id }) => id.charCodeAt(3) - 'a'.charCodeAt(0))

describe('the newest page', () => {
  it('is the list, the first time', () => {
    const listing = withNewest(null, page(5, 3, 'c3'))
    expect(ids(listing)).toEqual([5, 4, 3])
    expect(listing.nextCursor).toBe('c3')
  })

  it('brings new transfers on top and keeps the older ones that were loaded', () => {
    const loaded = withLater(
      withNewest(null, page(5, 4, 'c4')),
      { cursor: 'c4', anchor: idOf(4) },
      page(3, 2, 'c2'),
    )
    expect(ids(withNewest(loaded, page(6, 5, 'c5')))).toEqual([6, 5, 4, 3, 2])
    expect(withNewest(loaded, page(6, 5, 'c5')).nextCursor).toBe('c2')
  })

  it('begins anew when more came than a page holds: what is known does not adjoin it', () => {
    const listing = withNewest(withNewest(null, page(5, 3, 'c3')), page(9, 7, 'c7'))
    expect(ids(listing)).toEqual([9, 8, 7])
    expect(listing.nextCursor).toBe('c7')
  })

  it('drops what left the view', () => {
    const before = withNewest(null, page(5, 3))
    expect(ids(withNewest(before, { data: [transfer(5), transfer(3)], next_cursor: null }))).toEqual([5, 3])
  })

  it('keeps the very rows that did not change, so that they are not drawn again', () => {
    const before = withNewest(null, page(5, 3))
    const after = withNewest(before, {
      data: [transfer(5), transfer(4, 2, 'queued'), transfer(3)],
      next_cursor: null,
    })
    expect(after.items[0]).toBe(before.items[0])
    expect(after.items[1]?.status).toBe('queued')
    expect(after.items[2]).toBe(before.items[2])
  })

  it('does not put an older answer of the read model over newer news', () => {
    const told = withOne(withNewest(null, page(5, 5)), transfer(5, 4, 'mined'))
    expect(withNewest(told, { data: [transfer(5, 3, 'broadcast')] }).items[0]?.status).toBe('mined')
  })
})

describe('a later page', () => {
  const first = withNewest(null, page(9, 7, 'c7'))
  const loaded = { cursor: 'c7', anchor: idOf(7) }

  it('joins below and moves the cursor', () => {
    const listing = withLater(first, loaded, page(6, 4, 'c4'))
    expect(ids(listing)).toEqual([9, 8, 7, 6, 5, 4])
    expect(listing.nextCursor).toBe('c4')
  })

  it('is refreshed in its place', () => {
    const before = withLater(
      withLater(first, loaded, page(6, 5, 'c5')),
      { cursor: 'c5', anchor: idOf(5) },
      page(4, 3),
    )
    const again = { data: [transfer(6, 2, 'finalized'), transfer(5)], next_cursor: 'c5' }
    const listing = withLater(before, loaded, again)
    expect(ids(listing)).toEqual([9, 8, 7, 6, 5, 4, 3])
    expect(listing.items[3]?.status).toBe('finalized')
    expect(listing.nextCursor).toBeNull()
  })
})

it('news of a transfer that is not listed changes nothing', () => {
  const listing = withNewest(null, page(5, 3))
  expect(withOne(listing, transfer(8, 9))).toBe(listing)
})
