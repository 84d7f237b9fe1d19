// What the chain's facts add to a signer's log. Facts are absolute as of a view, so the difference to what the log
// knows is all that is written, and any one of them makes up for every one that was lost.

import type { ChainFacts } from '../../chain/account-facts.ts'
import type { Address } from '../../chain/address.ts'
import type { Inclusion } from '../../chain/receipt.ts'
import { assertDefined } from '../../lib/assert.ts'
import type { SingleAction } from '../../transfer/request.ts'
import { blockInclusion } from '../state/block-inclusion.ts'
import type { SignerRecord } from '../state/records.ts'
import { exceptionsOf, isSameWord } from '../state/results.ts'
import { type Attempt, isFiller, type OpenSlot, type SlottedStep } from '../state/slot.ts'
import type { SignerState } from '../state/state.ts'
import { judgeSlot } from './batch-evidence.ts'
import { judge } from './evidence.ts'
import { settleCarried } from './settle-carried.ts'

export function settle(state: SignerState, facts: ChainFacts): readonly SignerRecord[] {
  if (facts.view < state.chainView) return []
  const own = facts.inclusions.filter(({ by }) => by === undefined)
  const byNonce = new Map(own.map((inclusion) => [inclusion.nonce, inclusion]))
  const records: SignerRecord[] = []
  for (const slot of state.slots.values()) {
    records.push(...settleSlot(state, slot, byNonce.get(slot.nonce) ?? null, facts))
  }
  return [...records, ...settleCarried(state, facts), ...skip(state, own, facts)]
}

function settleSlot(
  state: SignerState,
  slot: OpenSlot,
  inclusion: Inclusion | null,
  { view, finalized }: ChainFacts,
): readonly SignerRecord[] {
  const { nonce } = slot
  if (inclusion === null) {
    const wasTold = slot.inclusion !== null || slot.usurper !== null
    return wasTold ? [{ kind: 'orphaned', nonce, view }] : []
  }
  const { hash, block_number, block_hash } = inclusion.receipt
  const isFinal = block_number <= finalized
  const attempt = slot.attempts.find((one) => one.hash === hash)
  if (attempt === undefined) {
    if (isFinal) return [{ kind: 'closed', nonce, hash, view }]
    return slot.usurper === hash ? [] : [{ kind: 'usurped', nonce, hash, view }]
  }
  const isNew = slot.inclusion === null || slot.inclusion.block_hash !== block_hash
  const wasElsewhere = isNew && (slot.inclusion !== null || slot.usurper !== null)
  const told = { nonce, view, isNew, isFinal }
  return [
    ...(wasElsewhere ? [{ kind: 'orphaned', nonce, view } as const] : []),
    ...(slot.work.kind === 'step' &&
    slot.work.step.action.type !== 'batch' &&
    !isFiller(slot, attempt) &&
    !isUnproved(slot.work.step, inclusion)
      ? ofStep(addressOf(state), slot.work.step.action, inclusion, told)
      : ofSlot(addressOf(state), slot, attempt, inclusion, told)),
  ]
}

/** What reverted untried may have had too little gas: it did nothing, and has not failed (S33). */
function isUnproved({ isUntried }: SlottedStep, { receipt }: Inclusion): boolean {
  return isUntried === true && receipt.status === 'reverted'
}

type Told = {
  readonly nonce: number
  readonly view: number
  readonly isNew: boolean
  readonly isFinal: boolean
}

/** A transaction that is one step's own. */
function ofStep(
  address: Address,
  action: SingleAction,
  inclusion: Inclusion,
  { nonce, view, isNew, isFinal }: Told,
): readonly SignerRecord[] {
  const verdict = judge(action, address, inclusion)
  const delivered_amount = verdict.outcome === 'success' ? verdict.delivered_amount : null
  const told = { ...blockInclusion(inclusion), outcome: verdict.outcome, delivered_amount }
  return [
    ...(isNew ? [{ kind: 'mined', nonce, inclusion: told, view } as const] : []),
    ...(isFinal ? [{ kind: 'finalized', nonce, inclusion: told, view } as const] : []),
  ]
}

function ofSlot(
  address: Address,
  slot: OpenSlot,
  attempt: Attempt,
  inclusion: Inclusion,
  { nonce, view, isNew, isFinal }: Told,
): readonly SignerRecord[] {
  const results = judgeSlot(slot, attempt, address, inclusion)
  const except = exceptionsOf(slot, results)
  const told = blockInclusion(inclusion)
  const isOtherwise = !isNew && slot.inclusion !== null && !isSameWord(slot.inclusion.results, results)
  return [
    ...(isOtherwise ? [{ kind: 'orphaned', nonce, view } as const] : []),
    ...(isNew || isOtherwise ? [{ kind: 'included', nonce, inclusion: told, except, view } as const] : []),
    ...(isFinal ? [{ kind: 'settled', nonce, view } as const] : []),
  ]
}

function addressOf(state: SignerState): Address {
  return assertDefined(state.identity, 'the signer is open').address
}

/** A transaction at or past the end of our line was made by somebody else with the same key. */
function skip(
  { nextNonce }: SignerState,
  own: readonly Inclusion[],
  { view }: ChainFacts,
): readonly SignerRecord[] {
  if (nextNonce === null) return []
  const highest = Math.max(-1, ...own.map(({ nonce }) => nonce))
  return highest >= nextNonce ? [{ kind: 'skipped', nonce: highest + 1, view }] : []
}
