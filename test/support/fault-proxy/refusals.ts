// What nodes and gateways truly answer, by class. The texts are those that the clients' sources have; codes too, because
// one code carries opposite verdicts and a test must not learn to trust it.

import type { BroadcastClass } from '../../../src/shared/broadcast/outcome.ts'
import type { RpcError } from './rpc.ts'

/** Of geth, and of most that came after it. */
export const GETH_CODE = -32_000

type RefusalClass = Exclude<BroadcastClass, 'accepted'>

export const REFUSALS: Readonly<Record<RefusalClass, readonly RpcError[]>> = {
  known: [
    { code: GETH_CODE, message: 'already known' },
    { code: -32_003, message: 'transaction already imported' },
    { code: -32_010, message: 'call failed: AlreadyKnown' },
    { code: GETH_CODE, message: 'INTERNAL_ERROR: existing txn with same hash' },
  ],
  unclear: [
    { code: -32_603, message: 'Internal error' },
    { code: GETH_CODE, message: 'request timed out' },
    { code: GETH_CODE, message: 'method handler crashed' },
    { code: -32_603, message: 'internal eth error' },
    { code: -32_000, message: 'upstream connect error or disconnect: connection reset' },
  ],
  nonce_used: [
    { code: GETH_CODE, message: 'nonce too low: next nonce 12, tx nonce 7' },
    { code: -32_010, message: 'call failed: OldNonce, Current nonce: 22, nonce of rejected tx: 17' },
  ],
  held_slot: [
    { code: GETH_CODE, message: 'replacement transaction underpriced' },
    { code: -32_010, message: 'call failed: OwnNonceAlreadyUsed' },
    { code: GETH_CODE, message: 'INTERNAL_ERROR: could not replace existing tx' },
  ],
  nonce_gap: [
    { code: GETH_CODE, message: 'nonce too high: tx nonce 20, gapped nonce 12' },
    { code: -32_010, message: 'NonceGap, Future nonce. Expected nonce: 10' },
  ],
  funds: [
    {
      code: GETH_CODE,
      message:
        'insufficient funds for gas * price + value: balance 100, queued cost 90, tx cost 20, overshot 10',
    },
    { code: -32_003, message: 'Insufficient funds for gas * price + value' },
  ],
  underpriced: [
    { code: GETH_CODE, message: 'transaction underpriced: gas tip cap 0, minimum needed 1' },
    { code: GETH_CODE, message: 'INTERNAL_ERROR: fee too low' },
    { code: -32_010, message: 'FeeTooLowToCompete' },
  ],
  congested: [
    { code: GETH_CODE, message: 'txpool is full' },
    { code: -32_005, message: 'limit exceeded: too many requests' },
    { code: GETH_CODE, message: 'pending sub-pool is full' },
    { code: GETH_CODE, message: 'account limit exceeded: pooled 16 txs' },
  ],
  invalid: [
    { code: GETH_CODE, message: 'exceeds block gas limit: tx gas 40000000, current limit 30000000' },
    { code: -32_000, message: 'intrinsic gas too low: gas 20000, minimum needed 21000' },
    { code: -32_010, message: 'call failed: Invalid' },
  ],
}

/** A page for people, as gateways have it in place of JSON. */
export const HTML_PAGE =
  '<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center></body></html>'
