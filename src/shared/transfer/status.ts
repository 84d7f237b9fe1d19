// The public status of a transfer, in the order in which a good one passes through them.

export const STATUSES = [
  'accepted',
  'held',
  'queued',
  'signed',
  'broadcast',
  'unclear',
  'mined',
  'confirmed',
  'finalized',
  'failed',
  'expired',
  'canceled',
] as const
export type Status = (typeof STATUSES)[number]

export const FINAL_STATUSES = ['finalized', 'failed', 'expired', 'canceled'] as const
export type FinalStatus = (typeof FINAL_STATUSES)[number]

/** Why a transfer waits. The list is closed: clients switch over it. */
export const HOLD_REASONS = ['not_before', 'approval', 'policy', 'funds', 'fee_cap', 'fenced'] as const
export type HoldReason = (typeof HOLD_REASONS)[number]

/** Why a transfer failed. */
export const FAILURES = ['reverted', 'no_effect', 'would_revert', 'number_used'] as const
export type Failure = (typeof FAILURES)[number]

export function isFinal(status: Status): status is FinalStatus {
  return (FINAL_STATUSES as readonly Status[]).includes(status)
}
