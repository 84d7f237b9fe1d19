// The list: one Tab stop, arrow keys inside.

import './transfer-list.css'
import { useMemo, useRef, useState } from 'preact/hooks'
import type { Transfer } from '../api/wire.ts'
import { routeHref } from '../page/use-route.ts'
import { nextIndex } from './list-keys.ts'
import { TransferRow } from './transfer-row.tsx'
import type { View } from './view.ts'

type Props = {
  readonly items: readonly Transfer[]
  readonly view: View
  readonly selected: string | null
  readonly symbolOf: (chain: string) => string
  readonly onOpen: (id: string) => void
}

export function TransferList({ items, view, selected, symbolOf, onOpen }: Props) {
  const list = useRef<HTMLUListElement>(null)
  const [focused, setFocused] = useState<string | null>(null)
  const stop = [focused, selected].find((id) => items.some((item) => item.id === id)) ?? items[0]?.id

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.metaKey || event.ctrlKey || event.altKey) return
    const index = nextIndex(
      event.key,
      items.findIndex((item) => item.id === stop),
      items.length,
    )
    const id = index === null ? undefined : items[index]?.id
    if (id === undefined) return
    event.preventDefault()
    rowOf(list.current, id)?.focus()
  }

  return (
    <ul ref={list} class="transfer-list" aria-label="Transfers, newest first" onKeyDown={onKeyDown}>
      {items.map((transfer) => (
        <Row
          key={transfer.id}
          transfer={transfer}
          view={view}
          symbol={symbolOf(transfer.chain)}
          isSelected={transfer.id === selected}
          isTabStop={transfer.id === stop}
          onOpen={onOpen}
          onFocus={setFocused}
        />
      ))}
    </ul>
  )
}

type RowProps = Omit<Parameters<typeof TransferRow>[0], 'href'> & { readonly view: View }

/** Drawn again only when something of it changed: the list polls each second. */
function Row({ transfer, view, symbol, isSelected, isTabStop, onOpen, onFocus }: RowProps) {
  return useMemo(
    () => (
      <TransferRow
        transfer={transfer}
        href={routeHref({ view, transfer: transfer.id })}
        symbol={symbol}
        isSelected={isSelected}
        isTabStop={isTabStop}
        onOpen={onOpen}
        onFocus={onFocus}
      />
    ),
    [transfer, view, symbol, isSelected, isTabStop, onOpen, onFocus],
  )
}

export function rowOf(root: ParentNode | null, id: string): HTMLElement | null {
  return root?.querySelector<HTMLElement>(`[data-transfer="${CSS.escape(id)}"]`) ?? null
}
