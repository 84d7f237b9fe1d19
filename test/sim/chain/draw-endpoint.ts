// What an endpoint of a history is like, drawn from its seed.

import type { Stage } from '../stage.ts'
import type { SimChain } from './chain.ts'
import { Endpoint, type EndpointTraits } from './endpoint.ts'

/** Requests a second: fewer than all would send, and enough to follow the chain. */
const RATE_LEAST = 6
const RATE_MOST = 16

export type DrawnEndpoint = {
  readonly operator: string
  readonly index: number
  readonly hasTag: boolean
  readonly isPrivate: boolean
}

export function drawEndpoint(
  stage: Stage,
  chain: SimChain,
  { operator, index, hasTag, isPrivate }: DrawnEndpoint,
): Endpoint {
  const stream = stage.chance.stream(`endpoint ${index}`)
  const traits = {
    name: `node-${operator}`,
    operator,
    isPrivate,
    isStrict: stage.faults.strikes('node_rules'),
    hasTag,
    isForgetful: stream.happens(0.5),
    ...mixOf(stage),
  }
  return new Endpoint(traits, chain)
}

function mixOf({ faults }: Stage): Pick<EndpointTraits, 'slowMs' | 'failureRate' | 'rate'> {
  if (!faults.strikes('endpoint_mix')) return { slowMs: 0, failureRate: 0, rate: null }
  const stream = faults.stream('endpoint_mix')
  const kind = stream.pick(['slow', 'failing', 'rated', 'rated'])
  return {
    slowMs: kind === 'slow' ? stream.between(200, 900) : 0,
    failureRate: kind === 'failing' ? 0.2 : 0,
    rate: kind === 'rated' ? stream.between(RATE_LEAST, RATE_MOST) : null,
  }
}
