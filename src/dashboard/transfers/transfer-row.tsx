// One transfer of the list: a link to it. Two lines where it is narrow, columns where it is wide.

import './transfer-row.css'
import type { Transfer } from '../api/wire.ts'
import { onPlainClick } from '../page/plain-click.ts'
import { kindText, listAmount, othersText, recipientOf } from '../parts/action.ts'
import { RelativeTime } from '../parts/relative-time.tsx'
import { shortHash } from '../parts/short-hash.ts'
import { StatusBadge } from '../parts/status-badge.tsx'

type Props = {
  readonly transfer: Transfer
  readonly href: string
  readonly symbol: string
  readonly isSelected: boolean
  /** The one row that Tab stops at. */
  readonly isTabStop: boolean
  readonly onOpen: (id: string) => void
  readonly onFocus: (id: string) => void
}

export function TransferRow({ transfer, href, symbol, isSelected, isTabStop, onOpen, onFocus }: Props) {
  const { id, action, status, status_reason, reference, steps, updated_at } = transfer
  const amount = listAmount(action, symbol)
  const [to, others] = [recipientOf(action), othersText(action)]
  const hash = steps[0]?.hash ?? null
  return (
    <li>
      <a
        class="transfer-row"
        href={href}
        data-transfer={id}
        tabIndex={isTabStop ? 0 : -1}
        aria-current={isSelected ? 'true' : undefined}
        onClick={onPlainClick(() => onOpen(id))}
        onFocus={() => onFocus(id)}
      >
        <span class="row-status">
          <StatusBadge status={status} reason={status_reason} />
        </span>
        <span class="row-amount" title={amount.exact}>
          <span class="number">{amount.isRounded ? `≈ ${amount.number}` : amount.number}</span>{' '}
          {action.type === 'erc20' ? (
            <code class="row-unit">{shortHash(action.token)}</code>
          ) : (
            <span class="row-unit">{amount.unit}</span>
          )}
        </span>
        <span class="row-meta">
          <span class="row-to">
            <span class="row-arrow">to </span>
            <code title={to}>{shortHash(to)}</code>
            {others !== null && ` ${others}`}
          </span>
          <span class="row-kind">{kindText(action)}</span>
          <span class="row-reference" title={reference ?? undefined}>
            {reference}
          </span>
        </span>
        <code class="row-hash" title={hash ?? undefined}>
          {hash === null ? '–' : shortHash(hash)}
        </code>
        <span class="row-time">
          <RelativeTime at={updated_at} />
        </span>
      </a>
    </li>
  )
}
