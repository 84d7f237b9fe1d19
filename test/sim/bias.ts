// What histories are drawn with, beyond chance: rare meetings of faults are had by the hundred instead of by the ten thousand.
// A seed with a bias is another history than without.

import type { FaultClass } from './faults.ts'

/** `carried`: plain accounts bring batches for the others; `private`: an account sends what only private endpoints may see. */
export const SCENES = ['carried', 'private'] as const
export type Scene = (typeof SCENES)[number]

export type Bias = {
  /** Faults that strike in each history, oftener than in any without a bias. */
  readonly often: readonly FaultClass[]
  /** What each history has; null: as chance has it. */
  readonly scene: Scene | null
}

export const UNBIASED: Bias = { often: [], scene: null }

/** Meetings that found what no seed without a bias had, and others of their kind. */
export const BIASES: readonly Bias[] = [
  { often: ['old_copy', 'eviction', 'batch_brought'], scene: 'carried' },
  { often: ['endpoint_lie', 'batch_brought', 'endpoint_lag', 'endpoint_drop'], scene: 'carried' },
  { often: ['reorg', 'stranger', 'eviction_mempool', 'batch_brought'], scene: 'carried' },
  { often: ['record_damaged', 'call_lost', 'reorg'], scene: 'carried' },
  { often: ['old_copy', 'record_damaged', 'eviction'], scene: null },
  { often: ['old_copy', 'drained_signer', 'call_lost', 'eviction'], scene: null },
  { often: ['reorg', 'stranger', 'stranger_gives_up', 'delegation_foreign'], scene: null },
  { often: ['endpoint_lie', 'reorg', 'endpoint_stuck'], scene: null },
  { often: ['replayed_authorization', 'stranger', 'delegation_foreign', 'reorg'], scene: null },
  { often: ['drained_signer', 'fee_spike', 'eviction_mempool'], scene: null },
  { often: ['replaced_mined', 'late_attempt', 'revert_in_batch', 'reorg'], scene: null },
  { often: ['crash_runtime', 'crash_recovering', 'reply_lost', 'call_doubled'], scene: null },
  { often: ['read_model_down', 'message_lost', 'message_late', 'alarm_lost'], scene: null },
  { often: ['endpoint_timeout', 'endpoint_drop', 'endpoint_lie', 'eviction'], scene: 'private' },
  { often: ['reorg', 'stranger', 'late_attempt', 'crash_recovering'], scene: 'private' },
  { often: ['key_unavailable', 'node_rules', 'endpoint_timeout', 'endpoint_drop'], scene: null },
]

/** As the command line takes it. */
export function biasText({ often, scene }: Bias): string {
  const faults = often.length === 0 ? '' : ` --often ${often.join(',')}`
  return scene === null ? faults : `${faults} --scene ${scene}`
}
