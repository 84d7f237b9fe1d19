// How a request can fail by its endpoint. What a node says about what was asked is no fault.

export const FAULTS = ['timeout', 'unreachable', 'http', 'malformed', 'rate_limited'] as const
export type Fault = (typeof FAULTS)[number]

/** Of all requests lately, from 0 to 1, by class. */
export type FaultShares = Readonly<Record<Fault, number>>

export const NO_FAULTS: FaultShares = { timeout: 0, unreachable: 0, http: 0, malformed: 0, rate_limited: 0 }
