// One transfer: what it moves, where it is in its life, what is known of it, and its log as it grows.

import './detail-pane.css'
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import type { Api } from '../api/api.ts'
import { faultText } from '../api/fault.ts'
import type { Transfer } from '../api/wire.ts'
import { type Live, useLive } from '../live/use-live.ts'
import { chainOf, type Network, symbolOf } from '../network/use-network.ts'
import { listAmount } from '../parts/action.ts'
import { amountText } from '../parts/amount.ts'
import { announce } from '../parts/announcer.tsx'
import { statusLook } from '../parts/status.ts'
import { WalSection } from '../wal/wal-section.tsx'
import { DetailHead } from './detail-head.tsx'
import { DetailSkeleton } from './detail-skeleton.tsx'
import { Facts } from './facts.tsx'
import { LifeLine } from './life-line.tsx'
import { useTransfer } from './use-transfer.ts'

type Props = {
  readonly api: Api
  readonly apiKey: string
  readonly id: string
  readonly network: Network
  /** What the list already knows of it. */
  readonly listed: Transfer | null
  readonly onClose: () => void
  readonly onNews: (transfer: Transfer) => void
}

export function DetailPane({ api, apiKey, id, network, listed, onClose, onNews }: Props) {
  const subject = useTransfer(api, id, onNews)
  const live = useLive(id, apiKey, subject.transfer !== null)
  const pane = useRef<HTMLElement>(null)
  const known = newestOf(subject.transfer, listed)
  const transfer = known === null ? null : atRecord(known, live)
  const symbol = transfer === null ? '' : symbolOf(network, transfer.chain)
  const isMissing = subject.fault?.reason === 'not_found' && subject.transfer === null

  useAskWhenBehind(subject.transfer, live, subject.askNow)
  useTellStatus(transfer)
  usePageTitle(transfer, symbol)
  useTakeFocus(pane, id)
  useKeepFocus(pane, transfer?.status ?? null)

  const chain = transfer === null ? null : chainOf(network, transfer.chain)
  return (
    <article
      ref={pane}
      id="detail"
      class="detail"
      tabIndex={-1}
      aria-label="Transfer"
      aria-busy={transfer === null && !isMissing}
    >
      <DetailHead
        api={api}
        id={id}
        transfer={transfer}
        symbol={symbol}
        onClose={onClose}
        onAnswer={subject.take}
      />
      {isMissing && (
        <p class="detail-message">There is no transfer with this id, or it belongs to another tenant.</p>
      )}
      {transfer === null && !isMissing && (
        <>
          <DetailSkeleton />
          {subject.fault !== null && <p class="detail-message">{faultText(subject.fault)} Trying again.</p>}
        </>
      )}
      {transfer !== null && (
        <div class="detail-body">
          <LifeLine
            moment={transfer}
            needed={transfer.confirmations_needed}
            records={live.records}
            chain={chain}
          />
          <Facts transfer={transfer} chainName={chain?.name ?? transfer.chain} symbol={symbol} />
          <WalSection api={api} id={id} live={live} symbol={symbol} />
        </div>
      )}
    </article>
  )
}

function newestOf(own: Transfer | null, listed: Transfer | null): Transfer | null {
  if (own === null || listed === null) return own ?? listed
  return listed.seq > own.seq ? listed : own
}

/** A record comes before the next answer does, and says the status that it led to. */
function atRecord(transfer: Transfer, { records }: Live): Transfer {
  const last = records.at(-1)
  if (last === undefined || last.seq <= transfer.seq) return transfer
  return { ...transfer, status: last.status, status_reason: last.status_reason }
}

/**
 * Where the list gives its place, the focus comes with it. Beside the list it stays there, so that the arrow keys go on
 * to the next transfer.
 */
function useTakeFocus(pane: { readonly current: HTMLElement | null }, id: string): void {
  useEffect(() => {
    const { activeElement } = document
    const isLost = activeElement === null || activeElement === document.body
    if (isLost || activeElement.checkVisibility() === false) pane.current?.focus({ preventScroll: true })
  }, [pane, id])
}

/** A button goes with the status that allowed it; the focus must not go with the button. */
function useKeepFocus(pane: { readonly current: HTMLElement | null }, status: string | null): void {
  const hadFocus = useRef(false)
  hadFocus.current = pane.current?.contains(document.activeElement) ?? false
  useLayoutEffect(() => {
    if (hadFocus.current && document.activeElement === document.body)
      pane.current?.focus({ preventScroll: true })
  }, [pane, status])
}

/** The record said that something changed; the transfer itself says what came of it. */
function useAskWhenBehind(transfer: Transfer | null, live: Live, askNow: () => void): void {
  const read = transfer?.seq ?? 0
  const seen = live.records.at(-1)?.seq ?? 0
  // Asked once for each record.
  useEffect(() => {
    if (transfer !== null && seen > read) askNow()
  }, [seen])
}

/** A tab in the background tells how it stands. */
function usePageTitle(transfer: Transfer | null, symbol: string): void {
  const title = transfer === null ? 'Waybill' : titleOf(transfer, symbol)
  useEffect(() => {
    document.title = title
  }, [title])
  useEffect(() => {
    return () => {
      document.title = 'Waybill'
    }
  }, [])
}

function titleOf({ action, status }: Transfer, symbol: string): string {
  return `${statusLook(status).name} · ${amountText(listAmount(action, symbol))} · Waybill`
}

function useTellStatus(transfer: Transfer | null): void {
  const status = transfer?.status ?? null
  const before = useRef<string | null>(null)
  useEffect(() => {
    if (before.current !== null && status !== null) announce(`The transfer is now ${statusLook(status).name}`)
    before.current = status
  }, [status])
}
