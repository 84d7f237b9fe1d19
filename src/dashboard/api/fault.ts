// What can go wrong with a request, and how it reads to a person.

import type { Problem } from './wire.ts'

export type Fault =
  /** No answer: the network, the server or a timeout. */
  | { readonly reason: 'unreachable' }
  | { readonly reason: 'unauthorized'; readonly detail: string | null }
  | { readonly reason: 'not_found' }
  | {
      readonly reason: 'refused'
      readonly status: number
      readonly problem: Problem | null
      readonly retryAfterMs: number | null
    }
  /** An answer that is not of this API. */
  | { readonly reason: 'unreadable' }

/** Whether the server has answered for good: the same request again would get the same answer. */
export function isDefinite(fault: Fault): boolean {
  if (fault.reason === 'refused') return fault.status < 500 && fault.status !== 429
  return fault.reason === 'unauthorized' || fault.reason === 'not_found'
}

export function faultText(fault: Fault): string {
  switch (fault.reason) {
    case 'unreachable':
      return navigator.onLine ? 'Waybill does not answer.' : 'You are offline.'
    case 'unauthorized':
      return 'The key was not accepted.'
    case 'not_found':
      return 'There is nothing at this address, or it belongs to another tenant.'
    case 'unreadable':
      return 'The answer could not be read. A proxy may stand in between.'
    case 'refused':
      if (fault.status === 429) return 'Too many requests: slowing down.'
      return fault.problem?.detail ?? `The server answered ${fault.status}.`
  }
}
