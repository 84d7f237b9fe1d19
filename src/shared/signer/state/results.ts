// What a transaction of ours did for each step of its slot. Success with the whole amount is the rule, so a record names
// only the steps of which something else is to be said: a batch of hundreds is then one short record.

import type { Action } from '../../transfer/request.ts'
import { type OpenSlot, type StepResult, stepsOf } from './slot.ts'

export type Exception = { readonly place: number } & StepResult

export function resultsOf(slot: Pick<OpenSlot, 'work'>, except: readonly Exception[]): readonly StepResult[] {
  const named = new Map(except.map(({ place, ...result }) => [place, result]))
  return usualOf(slot).map((usual, place) => named.get(place) ?? usual)
}

/** The other way round. */
export function exceptionsOf(
  slot: Pick<OpenSlot, 'work'>,
  results: readonly StepResult[],
): readonly Exception[] {
  return usualOf(slot).flatMap((usual, place) => {
    const result = results[place]
    if (result === undefined) return []
    const isUsual = result.outcome === usual.outcome && result.delivered_amount === usual.delivered_amount
    return isUsual ? [] : [{ place, ...result }]
  })
}

/**
 * Whether both tell the same of each step. One block may be told in two ways: an endpoint has lied, and who did not hear when
 * that was taken back must not stay with it (S34).
 */
export function isSameWord(one: readonly StepResult[], other: readonly StepResult[]): boolean {
  const isSame = (place: number) =>
    one[place]?.outcome === other[place]?.outcome &&
    one[place]?.delivered_amount === other[place]?.delivered_amount
  return one.length === other.length && one.every((_, place) => isSame(place))
}

/** What becomes of a number that is closed. */
export const CLOSED: StepResult = { outcome: 'success', delivered_amount: null }

/** What was left out on purpose has not failed. */
export function failuresIn(except: readonly Exception[]): number {
  return except.filter(({ outcome }) => outcome === 'reverted' || outcome === 'number_used').length
}

/** Of each step; of a slot that closes numbers, of each number. */
function usualOf(slot: Pick<OpenSlot, 'work'>): readonly StepResult[] {
  if (slot.work.kind === 'closing') return slot.work.closes.map(() => CLOSED)
  return stepsOf(slot).map(({ action }) => asked(action))
}

function asked(action: Action): StepResult {
  const isCounted = action.type === 'native' || action.type === 'erc20'
  return { outcome: 'success', delivered_amount: isCounted ? action.amount : null }
}
