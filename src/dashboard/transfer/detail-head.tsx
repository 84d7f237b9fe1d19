// A transfer's name plate: how much goes to whom, how it stands, and what can be done about it.

import './detail-head.css'
import type { Api } from '../api/api.ts'
import type { Transfer } from '../api/wire.ts'
import { fullAmount, othersText, recipientOf } from '../parts/action.ts'
import { CopyButton } from '../parts/copy-button.tsx'
import { Hash } from '../parts/hash.tsx'
import { Icon } from '../parts/icon.tsx'
import { Sender } from '../parts/sender.tsx'
import { shortHash } from '../parts/short-hash.ts'
import { StatusBadge } from '../parts/status-badge.tsx'
import { CancelButton } from './cancel-button.tsx'

type Props = {
  readonly api: Api
  readonly id: string
  readonly transfer: Transfer | null
  readonly symbol: string
  readonly onClose: () => void
  readonly onAnswer: (transfer: Transfer) => void
}

export function DetailHead({ api, id, transfer, symbol, onClose, onAnswer }: Props) {
  return (
    <header class="detail-head">
      <div class="detail-bar">
        <button
          type="button"
          class="button button-plain button-icon detail-close"
          aria-label="Close transfer"
          title="Close (Esc)"
          onClick={onClose}
        >
          <Icon name="close" />
          <Icon name="back" />
        </button>
        <span class="detail-id">
          <code title={id}>{shortHash(id)}</code>
          <CopyButton text={id} what="transfer id" />
          <CopyButton text={addressOf(id)} what="link to this transfer" icon="link" />
        </span>
        {transfer !== null && <CancelButton api={api} id={id} status={transfer.status} onAnswer={onAnswer} />}
      </div>
      {transfer !== null && <Plate transfer={transfer} symbol={symbol} />}
    </header>
  )
}

function Plate({ transfer, symbol }: { readonly transfer: Transfer; readonly symbol: string }) {
  const { action, status, status_reason, reference } = transfer
  const amount = fullAmount(action, symbol)
  const others = othersText(action)
  return (
    <div class="plate">
      <h1 title={amount.exact}>
        <span class="number">{amount.number}</span> <span class="plate-unit">{amount.unit}</span>
      </h1>
      <StatusBadge status={status} reason={status_reason} />
      <p class="plate-way">
        <Sender from={transfer.from} />
        <span aria-hidden="true">→</span>
        <span class="visually-hidden">to</span>
        <Hash hash={recipientOf(action)} what="recipient" />
        {others !== null && <span>{others}</span>}
        {reference !== null && <span class="plate-reference">{reference}</span>}
      </p>
    </div>
  )
}

function addressOf(id: string): string {
  return new URL(`/?transfer=${encodeURIComponent(id)}`, window.location.href).href
}
