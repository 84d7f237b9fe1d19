// What tip the transactions of one plan offer: by those that go in it, in the time that they still have. Pure.

import { SPEED_POLICIES } from '../../fees/speed-policy.ts'
import type { FeeSuggestion } from '../../fees/suggestion.ts'
import { perBlock, TIP_MOST_BLOCKS, tipFor } from '../../fees/tips.ts'
import type { UnixMs } from '../../lib/time.ts'
import type { PooledStep } from '../state/state.ts'
import { blocksLeftOf } from './candidates.ts'

/**
 * One tip for all of them, that of the most hurried: they stand in one line, or in one transaction, and none is mined
 * before the one before it.
 */
export function tipOfPlan(
  { priority_fee, recent_tips }: FeeSuggestion,
  steps: readonly PooledStep[],
  now: UnixMs,
  blockTimeMs: number,
): bigint {
  if (recent_tips === undefined || steps.length === 0) return priority_fee
  const chances = steps.map((step) => {
    const blocks = Math.min(blocksLeftOf(step, now, blockTimeMs), TIP_MOST_BLOCKS)
    return perBlock(SPEED_POLICIES[step.speed].probability, blocks)
  })
  return tipFor(recent_tips, Math.max(...chances)).tip
}
