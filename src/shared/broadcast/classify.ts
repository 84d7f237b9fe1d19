// The verdict of a node that refused bytes: eth_sendRawTransaction's error to a class. Pure.
// Text is read before code, because nodes give one code to opposite verdicts (-32000 is `already known` and
// `intrinsic gas too low`). What no row knows is `unclear`: a guess here would be a lost or a doubled transfer.

import type { BroadcastClass } from './outcome.ts'
import { VERDICTS } from './verdicts.ts'

/** The `error` member of a JSON-RPC answer, `data` as text. */
export type RpcVerdict = { readonly code: number; readonly message: string; readonly data: string | null }

/** Characters of text that are read. A verdict stands at the start; the rest is a page of HTML or a dump. */
const MOST_TEXT_CHARACTERS = 2_048

/**
 * Codes that mean one thing everywhere: the error groups of execution-apis, and JSON-RPC's own -32601.
 * The old server range (-32000 to -32099) is not here: there one code stands for opposite verdicts.
 */
const STANDARD_CODES: ReadonlyMap<number, BroadcastClass> = new Map<number, BroadcastClass>([
  [1, 'nonce_used'],
  [2, 'nonce_gap'],
  [3, 'invalid'], // Execution reverted.
  [429, 'congested'], // What gateways put into an item of a batch when they limit rates.
  [800, 'invalid'], // Intrinsic gas too low.
  [801, 'invalid'], // Ran out of gas.
  [802, 'underpriced'],
  [803, 'invalid'], // Over the block's gas limit.
  [804, 'invalid'], // Priority fee above the fee cap.
  [805, 'invalid'], // Gas overflow.
  [806, 'underpriced'], // Fee cap under the base fee.
  [807, 'invalid'], // Priority fee over 256 bits.
  [808, 'invalid'], // Fee cap over 256 bits.
  [809, 'funds'],
  [1000, 'known'],
  [1001, 'invalid'], // Invalid sender.
  [-32601, 'congested'], // Method not found: it did not run here.
  [-38010, 'nonce_used'],
  [-38011, 'nonce_gap'],
  [-38012, 'underpriced'], // Fee cap under the base fee.
  [-38013, 'invalid'], // Intrinsic gas too low.
  [-38014, 'funds'],
  [-38015, 'invalid'], // Over the block's gas limit.
  [-38024, 'invalid'], // Sender is not an EOA.
  [-38025, 'invalid'], // Init code too large.
])

export function classifyRpcError(error: RpcVerdict): BroadcastClass {
  return (
    byText(error.message) ??
    (error.data === null || isBytes(error.data) ? null : byText(error.data)) ??
    STANDARD_CODES.get(error.code) ??
    'unclear'
  )
}

function byText(text: string): BroadcastClass | null {
  const words = plainWords(text)
  const row = VERDICTS.find((verdict) => verdict.patterns.some((pattern) => pattern.test(words)))
  return row?.class ?? null
}

/** Revert data and echoed transactions: digits that spell nothing. */
function isBytes(data: string): boolean {
  return /^"?0x[0-9a-f]*"?$/i.test(data)
}

/** A URL says nothing about the transaction, and its path may hold any word. */
const URL_PATTERN = /\b(?:https?|wss?):\/\/[^\s"')]+/gi

/** Hashes, addresses and echoed bytes. */
const HEX_PATTERN = /0x[0-9a-f]{8,}/gi

/** What gateways, sequencer forwarders and client libraries put before the node's own words. */
const WRAPPERS: readonly RegExp[] = [
  /^\[request id:?[^\]]*\]\s*/,
  /^(?:\w+ )?(?:websocket|http|rpc|node) ?\([^)]*\)\s*/,
  /^(?:rpc |eth sendrawtransaction )?call failed:\s*/,
  /^(?:json ?rpc|rpc|server|returned|internal) (?:error|response)(?: response)?(?: ?\(?-?\d+\)?)?:\s*/,
  /^error invoking rpc:\s*/,
  /^failed to (?:add tx to the pool|send (?:raw )?transaction|submit transaction):\s*/,
  /^submit transaction to pool failed:\s*/,
  /^failed to forward tx to sequencer,? please try again\.? error message:\s*/,
  /^(?:transaction rejected|transaction error|error|err|message):\s*/,
]

/** Plain lower-case words: no URLs, no hex, no quotes; `FeeTooLow`, `fee_too_low` and `fee-too-low` are one. */
function plainWords(text: string): string {
  let words = text
    .slice(0, MOST_TEXT_CHARACTERS)
    .replace(URL_PATTERN, ' ')
    .replace(HEX_PATTERN, '0x')
    .replace(/(?<=[a-z0-9])(?=[A-Z])/g, ' ')
    .toLowerCase()
    .replace(/(?<=[a-z])[-_](?=[a-z])/g, ' ')
    .replace(/["`\\\s]+/g, ' ')
    .trim()
  for (let previous = ''; previous !== words; ) {
    previous = words
    for (const wrapper of WRAPPERS) words = words.replace(wrapper, '')
    words = words.replace(/^[' ]+|[' .]+$/g, '')
  }
  return words
}
