// What handing bytes to a node came to. Text is matched before code: nodes give the same code to opposite verdicts.

/**
 * accepted, known: the node has our bytes.
 * unclear: bytes may have left and no trustworthy answer came back; never a failure, never a success.
 * nonce_used: a question; some transaction has this nonce in a block, perhaps ours.
 * held_slot: some transaction holds the slot in the pool, perhaps ours (`replacement underpriced`).
 * nonce_gap: an earlier nonce has not reached this node.
 * funds, underpriced, congested: nothing left with this node for now; the same bytes may go again.
 *   congested is also a limit of the node itself (per account, its fee ceiling, its rate, a method it lacks): another
 *   node may take them.
 * invalid: no node will ever take these bytes, says this one; it ran them and they reverted, or they are ill-formed,
 *   banned, over a limit of the chain. One node's word: it closes no slot.
 */
export const BROADCAST_CLASSES = [
  'accepted',
  'known',
  'unclear',
  'nonce_used',
  'held_slot',
  'nonce_gap',
  'funds',
  'underpriced',
  'congested',
  'invalid',
] as const
export type BroadcastClass = (typeof BROADCAST_CLASSES)[number]

export type BroadcastOutcome = {
  readonly class: BroadcastClass
  /** The endpoint's name. */
  readonly endpoint: string
  /** The node's own words, shortened; null where there were none. */
  readonly detail: string | null
}
