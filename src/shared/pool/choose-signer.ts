// Which signer of a pool takes a transfer: the same answer for the same standing, on every machine. Pure.

import type { Address } from '../chain/address.ts'
import { sha256Hex } from '../lib/sha256.ts'
import type { Visibility } from '../routing/visibility.ts'
import { nativeValue } from '../signer/account/budget.ts'
import type { SignerLoad } from '../signer/load.ts'
import type { Action } from '../transfer/request.ts'
import type { TransferId } from '../transfer/transfer-id.ts'

export type PoolMember = {
  readonly address: Address
  /** Who may see what goes from it. */
  readonly visibility: Visibility
  /** As it was told a moment ago; null: it did not answer. */
  readonly load: SignerLoad | null
}

export type PoolWish = {
  readonly transfer: TransferId
  readonly action: Action
  readonly visibility: Visibility
}

/** Lower is better. */
type Rank = {
  readonly trouble: number
  readonly load: SignerLoad
  /** Of this transfer and this member: rendezvous hashing. */
  readonly score: string
}

/**
 * Of those that send what is private, or what is not, as it is wished: first those that can pay, of them those that are
 * ready, of them the one with the fewest steps for its window; equal ones by the hash of transfer and member, so that
 * they share evenly and keep their share when another one joins.
 * Null: nobody can take it now. What is bound stays, so one that is fenced or silent is not a choice at all.
 */
export function chooseSigner(wish: PoolWish, members: readonly PoolMember[]): Address | null {
  let best: { readonly address: Address; readonly rank: Rank } | null = null
  for (const { address, load, visibility } of members) {
    if (visibility !== wish.visibility) continue
    if (load === null || load.status === 'fenced') continue
    const rank = { trouble: troubleOf(load, wish.action), load, score: scoreOf(wish.transfer, address) }
    if (best === null || compare(rank, best.rank) < 0) best = { address, rank }
  }
  return best?.address ?? null
}

/** What is known of the members once one of them has the transfer: the next choice must not fall on it alone. */
export function withChoice(
  members: readonly PoolMember[],
  chosen: Address,
  { action }: PoolWish,
): readonly PoolMember[] {
  return members.map((member) => {
    const { address, load } = member
    if (address !== chosen || load === null) return member
    const funds = load.funds === null ? null : load.funds - nativeValue(action)
    return { ...member, load: { ...load, steps: load.steps + 1, funds } }
  })
}

function troubleOf(load: SignerLoad, action: Action): number {
  return (canPay(load, action) ? 0 : 2) + (load.status === 'ready' ? 0 : 1)
}

/** Gas comes on top, so the very amount is too little. Not known: its own look will tell. */
function canPay({ funds }: SignerLoad, action: Action): boolean {
  return funds === null || funds > nativeValue(action)
}

function scoreOf(transfer: TransferId, address: Address): string {
  return sha256Hex(`${transfer}/${address}`)
}

function compare(one: Rank, other: Rank): number {
  if (one.trouble !== other.trouble) return one.trouble - other.trouble
  // Steps over window, without a fraction.
  const busier = one.load.steps * other.load.window - other.load.steps * one.load.window
  if (busier !== 0) return busier
  return one.score < other.score ? -1 : 1
}
