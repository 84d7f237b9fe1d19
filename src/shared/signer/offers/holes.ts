// A hole below what stands in the line: a stranger had used the key there, a reorg took that back, and nobody brings it again.
// Nothing above it can be mined until the nonce is used up. Pure (S35).

import { addMs, type UnixMs } from '../../lib/time.ts'
import type { SignerAccount } from '../account/account.ts'
import type { Budget } from '../account/budget.ts'
import type { SignerRecord } from '../state/records.ts'
import { FILLER_GAS, isMined, type OpenSlot, widthOf } from '../state/slot.ts'
import type { SignerState } from '../state/state.ts'
import { marketOffer } from './market-offer.ts'

/** Blocks that ours has waited above it: nodes put back into their pools what a reorg took out, most of them at once. */
const HOLE_BLOCKS = 6

/** One at a time: of an account with code, nodes keep no more. */
export function fill(
  state: SignerState,
  account: SignerAccount,
  budget: Budget,
  now: UnixMs,
  blockTimeMs: number,
): readonly SignerRecord[] {
  const nonce = holeIn(state, account)
  const waiting = firstAbove(state, nonce)
  if (waiting === null || waiting.signedAt === null || account.pending_nonce > nonce) return []
  if (now < addMs(waiting.signedAt, HOLE_BLOCKS * blockTimeMs) || isDecided(state, nonce)) return []
  const offer = marketOffer(account, FILLER_GAS, budget)
  return offer === null ? [] : [{ kind: 'filling', nonce, ...offer }]
}

/** The first nonce that is neither used up nor one of ours. */
function holeIn({ slots }: SignerState, { latest_nonce }: SignerAccount): number {
  let nonce = latest_nonce
  for (const slot of slots.values()) {
    const end = slot.nonce + widthOf(slot.work)
    if (slot.nonce <= nonce && nonce < end) nonce = end
  }
  return nonce
}

/** Finality was broken: what was told as the end of a step is undone, and may come again. That is no hole. */
function isDecided({ ended }: SignerState, nonce: number): boolean {
  return [...ended.values()].some(({ standing }) => 'nonce' in standing && standing.nonce === nonce)
}

function firstAbove({ slots }: SignerState, nonce: number): OpenSlot | null {
  return [...slots.values()].find((slot) => slot.nonce > nonce && !isMined(slot)) ?? null
}
