// How an endpoint stands: what the settings say of it, and what all holders together see.

import type { EndpointTraits } from './endpoint-traits.ts'
import type { EndpointReport } from './report.ts'

/** `report` null: nobody asked it lately. */
export type EndpointStanding = EndpointTraits & {
  readonly report: EndpointReport | null
  /** Requests a second that are leased now, of those of the rate. */
  readonly leased: number
}
