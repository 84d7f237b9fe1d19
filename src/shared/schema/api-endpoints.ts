// The endpoints of a chain as the API shows them: all but their URLs, which are secrets.

import { z } from 'zod'
import type { ChainId } from '../chain/chain-id.ts'
import type { EndpointStanding } from '../routing/standing.ts'
import { chainId, count } from './scalars.ts'

const share = z.number().min(0).max(1)
const perSecond = z.number().min(0)

export const endpointView = z.strictObject({
  name: z.string(),
  operator: z.string().describe('Endpoints of one operator are one voice.'),
  private: z.boolean().describe('Gets private transfers, and nothing else.'),
  weight: z.number().positive(),
  capabilities: z.strictObject({
    batches: z.boolean(),
    block_receipts: z.boolean(),
    subscriptions: z.boolean(),
    broadcasts: z.boolean(),
    reads: z.boolean(),
  }),
  rate: count.nullable().describe('Requests a second that it may get. Null: as many as it bears.'),
  rate_used: perSecond.describe('Requests a second that it got lately.'),
  rate_leased: perSecond.describe('Requests a second that are given out now, of those of the rate.'),
  breaker: z
    .enum(['closed', 'open', 'half_open'])
    .nullable()
    .describe(
      'open: nothing is sent to it. half_open: one request at a time tries it. Null: not asked lately.',
    ),
  latency_ms: perSecond.nullable().describe('Mean of its last answers.'),
  faults: z
    .strictObject({ timeout: share, unreachable: share, http: share, malformed: share, rate_limited: share })
    .describe('Shares of its last requests. What it says about a transaction is none.'),
  requests: count,
  head: count.nullable().describe('Block that it told last. Null: none lately.'),
  lag_blocks: count
    .nullable()
    .describe('By how much that was below what two operators, or the only one, had reached.'),
  paused_ms: count.describe('Milliseconds for which it still asks to be left alone.'),
})

export const endpointList = z.strictObject({ chain: chainId, data: z.array(endpointView) })
export type EndpointList = z.output<typeof endpointList>

/** Figures are rounded: they are for people. */
export function toEndpointList(chain: ChainId, standings: readonly EndpointStanding[]): EndpointList {
  return { chain, data: standings.map(toEndpointView) }
}

function toEndpointView(standing: EndpointStanding): EndpointList['data'][number] {
  const { name, operator, isPrivate, weight, capabilities, rate, leased, report } = standing
  const shareOf = (fault: keyof NonNullable<typeof report>['faults']) => rounded(report?.faults[fault] ?? 0)
  return {
    name,
    operator,
    private: isPrivate,
    weight,
    capabilities,
    rate,
    rate_used: rounded(report?.perSecond ?? 0),
    rate_leased: rounded(leased),
    breaker: report?.breaker ?? null,
    latency_ms: report?.meanMs == null ? null : rounded(report.meanMs),
    faults: {
      timeout: shareOf('timeout'),
      unreachable: shareOf('unreachable'),
      http: shareOf('http'),
      malformed: shareOf('malformed'),
      rate_limited: shareOf('rate_limited'),
    },
    requests: report?.requests ?? 0,
    head: report?.head ?? null,
    lag_blocks: report?.lag ?? null,
    paused_ms: Math.round(report?.pausedMs ?? 0),
  }
}

function rounded(value: number): number {
  return Math.round(value * 1_000) / 1_000
}
