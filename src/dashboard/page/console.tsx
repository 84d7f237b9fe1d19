// The page of somebody who is signed in: the list, and beside it (on a phone: in its place) one transfer.

import './console.css'
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks'
import { createApi } from '../api/api.ts'
import { NetworkStrip } from '../network/network-strip.tsx'
import { symbolOf, useNetwork } from '../network/use-network.ts'
import { KEY_REFUSED } from '../session/use-session.ts'
import { DetailPane } from '../transfer/detail-pane.tsx'
import { ListPane } from '../transfers/list-pane.tsx'
import { rowOf } from '../transfers/transfer-list.tsx'
import { useTransfers } from '../transfers/use-transfers.ts'
import { ConnectionNotice } from './connection-notice.tsx'
import { Header } from './header.tsx'
import { useRoute } from './use-route.ts'

type Props = { readonly apiKey: string; readonly onSignOut: (notice?: string) => void }

export function Console({ apiKey, onSignOut }: Props) {
  const api = useMemo(() => createApi(apiKey), [apiKey])
  const [route, navigate] = useRoute()
  const network = useNetwork(api)
  const transfers = useTransfers(api, route.view)
  const { transfer: selected, view } = route

  const { fault } = transfers.polling
  useEffect(() => {
    if (fault?.reason === 'unauthorized') onSignOut(fault.detail ?? KEY_REFUSED)
  }, [fault, onSignOut])

  const open = useCallback((id: string) => navigate({ transfer: id }), [navigate])
  const close = useCallback(() => navigate({ transfer: null }), [navigate])
  useReturnToList(selected)
  useEscape(selected === null ? null : close)

  return (
    <div class="console" data-open={selected !== null}>
      <SkipLinks hasDetail={selected !== null} />
      <Header onSignOut={() => onSignOut()} />
      <NetworkStrip network={network} />
      <main class="panes">
        <ListPane
          transfers={transfers}
          view={view}
          selected={selected}
          signer={network.signers?.[0] ?? null}
          symbolOf={(chain) => symbolOf(network, chain)}
          onOpen={open}
          onView={(next) => navigate({ view: next })}
        />
        {selected !== null && (
          <DetailPane
            key={selected}
            api={api}
            apiKey={apiKey}
            id={selected}
            network={network}
            listed={transfers.listing?.items.find((item) => item.id === selected) ?? null}
            onClose={close}
            onNews={transfers.note}
          />
        )}
      </main>
      <ConnectionNotice polling={transfers.polling} />
    </div>
  )
}

function SkipLinks({ hasDetail }: { readonly hasDetail: boolean }) {
  return (
    <div class="skip-links">
      <a href="#list-title">Skip to transfers</a>
      {hasDetail && <a href="#detail">Skip to the open transfer</a>}
    </div>
  )
}

/** Whoever closes a transfer is back at its row; on a phone, where the list gave its place, also where it was scrolled to. */
function useReturnToList(selected: string | null): void {
  const opened = useRef<string | null>(null)
  const listScroll = useRef(0)
  // Before the browser tells of the scroll that the change itself causes.
  useLayoutEffect(() => {
    const row = rowOf(document, selected ?? opened.current ?? '')
    if (selected !== null) {
      opened.current = selected
      window.scrollTo(0, 0)
      row?.scrollIntoView({ block: 'nearest' })
      return
    }
    if (opened.current !== null) {
      window.scrollTo(0, listScroll.current)
      row?.scrollIntoView({ block: 'nearest' })
      if (document.activeElement?.closest('.list-pane') == null) row?.focus({ preventScroll: true })
    }
    opened.current = null
    const onScroll = () => {
      listScroll.current = window.scrollY
    }
    window.addEventListener('scroll', onScroll, { passive: true })
    return () => window.removeEventListener('scroll', onScroll)
  }, [selected])
}

/** Escape first closes an open dialog; that is the browser's part. */
function useEscape(close: (() => void) | null): void {
  useEffect(() => {
    if (close === null) return
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && document.querySelector('dialog[open]') === null) close()
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [close])
}
