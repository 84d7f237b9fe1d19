// Who a transfer is sent from: an account by its ends, a pool by its whole name.

import './sender.css'
import { Hash } from './hash.tsx'

export function Sender({ from }: { readonly from: string }) {
  return from.startsWith('pool:') ? (
    <code class="sender-pool">{from}</code>
  ) : (
    <Hash hash={from} what="sender" />
  )
}
