// What histories are drawn with, beyond chance: rare meetings of faults are had by the hundred instead of by the ten thousand.
// A seed with a bias is another history than without.

import type { FaultClass } from './faults.ts'

export type Bias = {
  /** Faults that strike in each history, oftener than in any without a bias. */
  readonly often: readonly FaultClass[]
  /** Plain accounts bring batches for the others in each history. */
  readonly carries: boolean
}

export const UNBIASED: Bias = { often: [], carries: false }

/** Meetings that found what no seed without a bias had, and others of their kind. */
export const BIASES: readonly Bias[] = [
  { often: ['old_copy', 'eviction', 'batch_brought'], carries: true },
  { often: ['endpoint_lie', 'batch_brought', 'endpoint_lag', 'endpoint_drop'], carries: true },
  { often: ['reorg', 'stranger', 'eviction_mempool', 'batch_brought'], carries: true },
  { often: ['record_damaged', 'call_lost', 'reorg'], carries: true },
  { often: ['old_copy', 'record_damaged', 'eviction'], carries: false },
  { often: ['old_copy', 'drained_signer', 'call_lost', 'eviction'], carries: false },
  { often: ['reorg', 'stranger', 'stranger_gives_up', 'delegation_foreign'], carries: false },
  { often: ['endpoint_lie', 'reorg', 'endpoint_stuck'], carries: false },
  { often: ['replayed_authorization', 'stranger', 'delegation_foreign', 'reorg'], carries: false },
  { often: ['drained_signer', 'fee_spike', 'eviction_mempool'], carries: false },
  { often: ['replaced_mined', 'late_attempt', 'revert_in_batch', 'reorg'], carries: false },
  { often: ['crash_runtime', 'crash_recovering', 'reply_lost', 'call_doubled'], carries: false },
  { often: ['read_model_down', 'message_lost', 'message_late', 'alarm_lost'], carries: false },
  { often: ['key_unavailable', 'node_rules', 'endpoint_timeout', 'endpoint_drop'], carries: false },
]

/** As the command line takes it. */
export function biasText({ often, carries }: Bias): string {
  return `${often.length === 0 ? '' : ` --often ${often.join(',')}`}${carries ? ' --carried' : ''}`
}
