// Which way a new transfer goes to its signer: by the queue, or within the request that posted it. What is decided stands in
// the first record, with its reason.

import { isPoolSender } from '../pool/sender.ts'
import type { TransferRequest } from './request.ts'

/**
 * In the order in which they are looked at. `key`: the key is not trusted with it. `action`: neither native nor ERC-20.
 * `pool`: its signer is chosen among several. `waits`: it is not to go yet. `private`: other endpoints.
 */
export const QUEUE_REASONS = ['key', 'action', 'pool', 'waits', 'private'] as const
export type QueueReason = (typeof QUEUE_REASONS)[number]

export type SubmissionPath =
  | { readonly by: 'request' }
  | { readonly by: 'queue'; readonly because: QueueReason }

/** Of a chain that is served so at all. `isTrusted`: of the key. */
export function submissionPath(request: TransferRequest, isTrusted: boolean): SubmissionPath {
  const because = reasonForQueue(request, isTrusted)
  return because === null ? { by: 'request' } : { by: 'queue', because }
}

function reasonForQueue(
  { action, from, not_before, speed, visibility }: TransferRequest,
  isTrusted: boolean,
): QueueReason | null {
  if (!isTrusted) return 'key'
  if (action.type !== 'native' && action.type !== 'erc20') return 'action'
  if (isPoolSender(from)) return 'pool'
  if (not_before !== null || speed === 'economy') return 'waits'
  return visibility === 'private' ? 'private' : null
}
