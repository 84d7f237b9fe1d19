// Signed bytes on their way out, and what came of it.

import type { BroadcastClass } from '../../broadcast/outcome.ts'
import type { TxHash } from '../../chain/hash.ts'
import type { Hex } from '../../lib/hex.ts'
import type { Visibility } from '../../routing/visibility.ts'

/** Signed bytes that are durable in the signer's log and may leave now. */
export type SignedAttempt = {
  readonly nonce: number
  readonly hash: TxHash
  readonly raw: Hex
  /** An endpoint was handed them before. */
  readonly isRepeat: boolean
  /** Who may be handed them. Left out by an older signer: anybody. */
  readonly visibility?: Visibility | undefined
}

/** What an endpoint said to the bytes of this hash. */
export type AttemptOutcome = {
  readonly hash: TxHash
  readonly endpoint: string
  readonly class: BroadcastClass
  readonly detail: string | null
}
