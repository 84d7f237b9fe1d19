// What to do when there is no transfer yet: the request that makes the first one.

import './first-transfer.css'
import type { Signer } from '../api/wire.ts'
import { CopyButton } from '../parts/copy-button.tsx'

/** With the signer that is there, so that only the recipient is left to fill in. */
function firstRequest(origin: string, signer: Signer | null): string {
  return `curl ${origin}/v1/transfers \\
  -H "Authorization: Bearer $WAYBILL_KEY" \\
  -H "Idempotency-Key: invoice-42" \\
  -H "Content-Type: application/json" \\
  -d '{
    "chain": "${signer?.chain ?? 'eip155:1'}",
    "from": "${signer?.address ?? '0xSIGNER'}",
    "action": {
      "type": "native",
      "to": "0xRECIPIENT",
      "amount": "1000000000000000"
    }
  }'`
}

export function FirstTransfer({ signer }: { readonly signer: Signer | null }) {
  const request = firstRequest(window.location.origin, signer)
  return (
    <div class="first-transfer">
      <h2>No transfers yet</h2>
      <p>Post the first one. It appears here at once, with the log that it writes about itself.</p>
      <div class="first-request">
        <pre>
          <code>{request}</code>
        </pre>
        <CopyButton text={request} what="request" />
      </div>
      <a class="first-docs" href="/docs">
        API reference
      </a>
    </div>
  )
}
