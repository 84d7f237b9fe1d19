// What holders tell the chain's object of endpoints, and what it makes of all of it. Pure.

import { addMs, MINUTE_MS, SECOND_MS, type UnixMs } from '../lib/time.ts'
import type { Breaker } from './breaker.ts'
import { FAULTS, type FaultShares, NO_FAULTS } from './fault.ts'
import { type Health, lagOf } from './health.ts'

/** Holders whose last word is kept. */
export const REPORTS_MOST = 64
const REPORT_KEPT_MS = 5 * MINUTE_MS
/** The lag that a holder told longer ago says nothing. */
const LAG_TOLD_MS = 30 * SECOND_MS
/** Of a breaker's states, the one that says the least good. */
const WORST_FIRST = ['open', 'half_open', 'closed'] as const satisfies readonly Breaker['state'][]

/** Of one endpoint. `requests`: ever; `perSecond`: lately. */
export type EndpointReport = {
  readonly name: string
  readonly meanMs: number | null
  readonly faults: FaultShares
  readonly requests: number
  readonly perSecond: number
  readonly breaker: Breaker['state']
  /** For which it still asks to be left alone; a time would be by another clock. */
  readonly pausedMs: number
  readonly head: number | null
  readonly lag: number | null
}

export type HolderReport = {
  readonly holder: string
  readonly at: UnixMs
  readonly endpoints: readonly EndpointReport[]
}

export function reportOf(name: string, health: Health, perSecond: number, now: UnixMs): EndpointReport {
  const { meanMs, faults, requests, breaker, pausedUntil } = health
  const pausedMs = Math.max(0, (pausedUntil ?? now) - now)
  const head = health.head?.height ?? null
  return {
    name,
    meanMs,
    faults,
    requests,
    perSecond,
    breaker: breaker.state,
    pausedMs,
    head,
    lag: lagOf(health, now),
  }
}

/** The last word of each holder, in place of the one before. */
export function withReport(
  reports: readonly HolderReport[],
  report: HolderReport,
  now: UnixMs,
): readonly HolderReport[] {
  const kept = reports.filter(({ holder, at }) => holder !== report.holder && now < addMs(at, REPORT_KEPT_MS))
  return [...kept.slice(1 - REPORTS_MOST), report]
}

/** One endpoint as all holders together see it; null: nobody asked it lately. */
export function merged(reports: readonly HolderReport[], name: string, now: UnixMs): EndpointReport | null {
  const own = reports.flatMap(({ at, endpoints }) =>
    endpoints
      .filter((one) => one.name === name)
      .map((one) => ({
        ...one,
        pausedMs: Math.max(0, one.pausedMs - (now - at)),
        lag: now < addMs(at, LAG_TOLD_MS) ? one.lag : null,
      })),
  )
  if (own.length === 0) return null
  const weights = own.map(({ requests }) => requests + 1)
  const meanOf = (values: readonly (number | null)[]): number | null => {
    let [sum, weight] = [0, 0]
    for (const [index, value] of values.entries()) {
      if (value === null) continue
      sum += value * (weights[index] ?? 0)
      weight += weights[index] ?? 0
    }
    return weight === 0 ? null : sum / weight
  }
  const faults: Record<(typeof FAULTS)[number], number> = { ...NO_FAULTS }
  for (const fault of FAULTS) faults[fault] = meanOf(own.map((one) => one.faults[fault])) ?? 0
  const heads = own.flatMap(({ head }) => head ?? [])
  return {
    name,
    meanMs: meanOf(own.map(({ meanMs }) => meanMs)),
    faults,
    requests: own.reduce((sum, { requests }) => sum + requests, 0),
    perSecond: own.reduce((sum, { perSecond }) => sum + perSecond, 0),
    breaker: WORST_FIRST.find((state) => own.some(({ breaker }) => breaker === state)) ?? 'closed',
    pausedMs: Math.max(...own.map(({ pausedMs }) => pausedMs)),
    head: heads.length === 0 ? null : Math.max(...heads),
    lag: own.findLast(({ lag }) => lag !== null)?.lag ?? null,
  }
}

/** What one holder takes from all others: a pause and a lag at once, the rest only where it knows nothing itself. */
export function informed(health: Health, told: EndpointReport, now: UnixMs): Health {
  const isPaused = told.pausedMs > (health.pausedUntil ?? now) - now
  const pausedUntil = isPaused ? addMs(now, told.pausedMs) : health.pausedUntil
  const lag = told.lag === null ? health.lag : { blocks: told.lag, at: now }
  if (health.requests > 0) return { ...health, pausedUntil, lag }
  return { ...health, pausedUntil, meanMs: told.meanMs, faults: told.faults, lag }
}
