// Which bytes go out, and what the endpoints' answers add to the log.

import type { TxHash } from '../chain/hash.ts'
import type { AttemptOutcome, SignedAttempt } from './state/attempt.ts'
import type { SignerRecord } from './state/records.ts'
import type { OpenSlot } from './state/slot.ts'
import { type SignerState, visibilityOf } from './state/state.ts'

/** The newest bytes of every slot that `choose` names, in nonce order. */
export function attemptsOf(
  state: SignerState,
  choose: (slot: OpenSlot) => boolean,
): readonly SignedAttempt[] {
  const attempts: SignedAttempt[] = []
  const visibility = visibilityOf(state)
  for (const slot of state.slots.values()) {
    const newest = slot.attempts.at(-1)
    if (newest !== undefined && choose(slot)) {
      const isRepeat = slot.answer !== null
      attempts.push({ nonce: slot.nonce, hash: newest.hash, raw: newest.raw, isRepeat, visibility })
    }
  }
  return attempts
}

/** Only what changes the slot is written: the tenth `already known` is no news. */
export function outcomes(state: SignerState, told: readonly AttemptOutcome[]): readonly SignerRecord[] {
  const records: SignerRecord[] = []
  for (const outcome of told) {
    const slot = slotOfHash(state, outcome.hash)
    if (slot === null || slot.inclusion !== null) continue
    if (isHopeless(slot, outcome)) records.push({ kind: 'given_up', nonce: slot.nonce })
    if (slot.answer === outcome.class) continue
    const isTaken = outcome.class === 'accepted' || outcome.class === 'known'
    if (isTaken && slot.sent === 'broadcast') continue
    const { hash, class: answer, endpoint, detail } = outcome
    records.push({ kind: 'sent', nonce: slot.nonce, hash, class: answer, endpoint, detail })
  }
  return records
}

/**
 * A chain that does not know delegations: nobody takes the bytes. A repeated broadcast goes to every endpoint, so when it
 * is refused again none of them would have it.
 */
function isHopeless({ work, sent, answer, next }: OpenSlot, outcome: AttemptOutcome): boolean {
  const isDelegation = work.kind === 'delegation' && work.fillersFrom === null && next === null
  return isDelegation && sent === 'signed' && answer === 'invalid' && outcome.class === 'invalid'
}

function slotOfHash(state: SignerState, hash: TxHash): OpenSlot | null {
  for (const slot of state.slots.values()) {
    if (slot.attempts.some((attempt) => attempt.hash === hash)) return slot
  }
  return null
}
