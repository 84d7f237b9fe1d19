// A step that waits, as the scheduler sees it.

import type { UnixMs } from '../lib/time.ts'
import type { Action, Speed } from '../transfer/request.ts'
import type { Touches } from './touches.ts'

/** Of the key that asked for the transfer. */
export const TIERS = ['basic', 'standard', 'premium'] as const
export type Tier = (typeof TIERS)[number]

export type Waiting = {
  readonly key: string
  readonly action: Action['type']
  readonly speed: Speed
  readonly tier: Tier
  readonly deadline: UnixMs | null
  /** Grows with each admission of this signer: the order of steps in conflict. */
  readonly admitted: number
  readonly gas: bigint
  readonly touches: Touches
  /** Not one of a batch: `batch: never`, or a contract that refuses accounts with code. */
  readonly isAlone: boolean
  /** False: held, or under way on another nonce line. What depends on it waits. */
  readonly canGo: boolean
}
