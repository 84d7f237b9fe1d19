// How soon a step should go, and whose turn it is: stride scheduling over four lanes. A lane of weight w pays 8 / w for a
// place; the one that paid least is next. What was paid is kept between plans, else a lane of little weight would never
// come to its turn in plans of few steps.

import type { UnixMs } from '../lib/time.ts'
import type { Action, Speed } from '../transfer/request.ts'
import type { Tier, Waiting } from './waiting.ts'

/** The most pressing first. */
export const LANES = ['urgent', 'high', 'normal', 'low'] as const
export type Lane = (typeof LANES)[number]

/** What a place costs: weights 8, 4, 2 and 1. Whole numbers, so that sums are exact. */
export const STRIDES: Readonly<Record<Lane, number>> = { urgent: 1, high: 2, normal: 4, low: 8 }

/** What each lane has paid, beside the one that paid least. */
export type Passes = Readonly<Record<Lane, number>>

export const NO_PASSES: Passes = { urgent: 0, high: 0, normal: 0, low: 0 }

const SPEED_POINTS: Readonly<Record<Speed, number>> = { economy: 0, standard: 2, fast: 4 }
const TIER_POINTS: Readonly<Record<Tier, number>> = { basic: 0, standard: 1, premium: 2 }
/** A call depends on a state that moves on while it waits; a payment is worth the same a block later. */
const ACTION_POINTS: Readonly<Record<Action['type'], number>> = { native: 0, erc20: 0, call: 1, batch: 1 }

/** A standard payment of a standard key is `normal`; speed decides, tier and action only where it is close. */
const HIGH_FROM_POINTS = 4
const NORMAL_FROM_POINTS = 2

export function laneOf(step: Waiting, now: UnixMs, urgentMs: number): Lane {
  if (step.deadline !== null && step.deadline - now <= urgentMs) return 'urgent'
  const points = SPEED_POINTS[step.speed] + TIER_POINTS[step.tier] + ACTION_POINTS[step.action]
  if (points >= HIGH_FROM_POINTS) return 'high'
  return points >= NORMAL_FROM_POINTS ? 'normal' : 'low'
}

/** Whose turn it is among those that have a step ready; the more pressing one where they are even. */
export function nextLane(passes: Passes, isReady: (lane: Lane) => boolean): Lane | null {
  let next: Lane | null = null
  for (const lane of LANES) {
    if (isReady(lane) && (next === null || passes[lane] < passes[next])) next = lane
  }
  return next
}

/** After a step of `lane` got a place. A lane without a step that is ready must not save up meanwhile. */
export function charged(passes: Passes, lane: Lane, isReady: (lane: Lane) => boolean): Passes {
  const paid = (one: Lane) => {
    if (one === lane) return passes[one] + STRIDES[one]
    return isReady(one) ? passes[one] : Math.max(passes[one], passes[lane])
  }
  return { urgent: paid('urgent'), high: paid('high'), normal: paid('normal'), low: paid('low') }
}

/** The same passes in small numbers: only differences count. */
export function rebased(passes: Passes): Passes {
  const least = Math.min(...LANES.map((lane) => passes[lane]))
  return {
    urgent: passes.urgent - least,
    high: passes.high - least,
    normal: passes.normal - least,
    low: passes.low - least,
  }
}
