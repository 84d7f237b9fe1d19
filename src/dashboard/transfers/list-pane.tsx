// The list with its head, and what stands in its place while there is nothing to list.

import './transfer-list.css'
import { faultText } from '../api/fault.ts'
import type { Signer } from '../api/wire.ts'
import { FirstTransfer } from './first-transfer.tsx'
import { ListSkeleton } from './list-skeleton.tsx'
import { TransferList } from './transfer-list.tsx'
import type { Transfers } from './use-transfers.ts'
import type { View } from './view.ts'
import { ViewLinks } from './view-links.tsx'

type Props = {
  readonly transfers: Transfers
  readonly view: View
  readonly selected: string | null
  /** For the example of a first transfer. */
  readonly signer: Signer | null
  readonly symbolOf: (chain: string) => string
  readonly onOpen: (id: string) => void
  readonly onView: (view: View) => void
}

/** Placed and hidden as the cells of the rows are. */
const COLUMNS = [
  ['row-status', 'Status'],
  ['row-amount', 'Amount'],
  ['row-to', 'To'],
  ['row-hash', 'Transaction'],
  ['row-kind', 'Kind'],
  ['row-reference', 'Reference'],
  ['row-time', 'Changed'],
] as const

export function ListPane({ transfers, view, selected, signer, symbolOf, onOpen, onView }: Props) {
  const { listing } = transfers
  const isEmpty = listing?.items.length === 0
  return (
    <section class="list-pane" aria-labelledby="list-title" aria-busy={listing === null}>
      <header class="list-head">
        <h1 id="list-title" tabIndex={-1}>
          Transfers
        </h1>
        <ViewLinks view={view} transfer={selected} onSelect={onView} />
      </header>
      {!isEmpty && (
        <div class="list-columns" aria-hidden="true">
          {COLUMNS.map(([cell, name]) => (
            <span key={cell} class={cell}>
              {name}
            </span>
          ))}
        </div>
      )}
      {listing === null && <ListSkeleton />}
      {isEmpty &&
        (view === 'all' ? <FirstTransfer signer={signer} /> : <p class="list-foot">{EMPTY[view]}</p>)}
      {listing !== null && !isEmpty && (
        <>
          <TransferList
            items={listing.items}
            view={view}
            selected={selected}
            symbolOf={symbolOf}
            onOpen={onOpen}
          />
          <Foot transfers={transfers} count={listing.items.length} hasMore={listing.nextCursor !== null} />
        </>
      )}
    </section>
  )
}

const EMPTY: Record<Exclude<View, 'all'>, string> = {
  active: 'Nothing is on its way. Every transfer has come to its end.',
  attention: 'Nothing needs you. No transfer is held, unclear or failed.',
  ended: 'No transfer has come to its end yet.',
}

type FootProps = { readonly transfers: Transfers; readonly count: number; readonly hasMore: boolean }

function Foot({ transfers, count, hasMore }: FootProps) {
  const { more, loadMore } = transfers
  if (!hasMore) return <p class="list-foot number">{count === 1 ? '1 transfer' : `${count} transfers`}</p>
  return (
    <div class="list-foot">
      <button type="button" class="button" disabled={more.at === 'loading'} onClick={loadMore}>
        {more.at === 'loading' ? 'Loading…' : 'Load more'}
      </button>
      {more.at === 'failed' && <p role="alert">{faultText(more.fault)}</p>}
    </div>
  )
}
