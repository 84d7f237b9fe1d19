// What a transaction of ours did for each step of its slot. Success with the whole amount is the rule, so a record names
// only the steps of which something else is to be said: a batch of hundreds is then one short record.

import type { Action } from '../transfer/request.ts'
import { type OpenSlot, type StepResult, stepsOf } from './slot.ts'

export type Exception = { readonly place: number } & StepResult

export function resultsOf(slot: Pick<OpenSlot, 'work'>, except: readonly Exception[]): readonly StepResult[] {
  const named = new Map(except.map(({ place, ...result }) => [place, result]))
  return stepsOf(slot).map(({ action }, place) => named.get(place) ?? asked(action))
}

/** The other way round. */
export function exceptionsOf(
  slot: Pick<OpenSlot, 'work'>,
  results: readonly StepResult[],
): readonly Exception[] {
  return stepsOf(slot).flatMap(({ action }, place) => {
    const result = results[place]
    if (result === undefined) return []
    const usual = asked(action)
    const isUsual = result.outcome === usual.outcome && result.delivered_amount === usual.delivered_amount
    return isUsual ? [] : [{ place, ...result }]
  })
}

function asked(action: Action): StepResult {
  const isCounted = action.type === 'native' || action.type === 'erc20'
  return { outcome: 'success', delivered_amount: isCounted ? action.amount : null }
}
