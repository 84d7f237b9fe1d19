// What a chain's object does for those who ask its endpoints: parts of rates, and what others measured.

import type { EndpointReport } from '../routing/report.ts'

export type LeaseRequest = {
  /** Who asks: an isolate. */
  readonly holder: string
  readonly endpoints: readonly EndpointReport[]
}

export type LeaseAnswer = {
  /** Requests a second by endpoint, of those with a rate; 0: none now. */
  readonly parts: readonly { readonly name: string; readonly perSecond: number }[]
  /** As all holders together see them. */
  readonly endpoints: readonly EndpointReport[]
}

export type Lessor = (request: LeaseRequest) => Promise<LeaseAnswer>
