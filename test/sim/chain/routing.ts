// The product's routing over the endpoints of this world. A host has a router of its own in each life; consumers share those of
// a few isolates, which outlive them.

import { RoutedNode } from '../../../src/shared/adapters/routing/routed-node.ts'
import { type Asking, Router } from '../../../src/shared/adapters/routing/router.ts'
import type { Wait } from '../../../src/shared/adapters/routing/timer.ts'
import { assertDefined } from '../../../src/shared/lib/assert.ts'
import type { UnixMs } from '../../../src/shared/lib/time.ts'
import type { ChainNode } from '../../../src/shared/ports/chain-node.ts'
import type { LeaseAnswer, Lessor } from '../../../src/shared/ports/endpoint-lessor.ts'
import { ALL_CAPABILITIES, type EndpointTraits } from '../../../src/shared/routing/endpoint-traits.ts'
import type { Visibility } from '../../../src/shared/routing/visibility.ts'
import type { Party, Stage } from '../stage.ts'
import { LostCall } from '../stage.ts'
import { type NodeWorld, SimNode } from './node.ts'

export type Routers = Readonly<Record<Visibility, Router>>

export function newRouters(world: NodeWorld, now: () => UnixMs, wait: Wait): Routers {
  const { chance } = world.network.parts.stage
  const routerOf = (visibility: Visibility, holders: string) =>
    new Router(
      endpointTraits(world).filter(({ isPrivate }) => isPrivate === (visibility === 'private')),
      { holder: String(chance.stream(holders).next()), now, wait, draw: chance.stream('routing').next },
    )
  return { public: routerOf('public', 'holders'), private: routerOf('private', 'private holders') }
}

export function endpointTraits(world: NodeWorld): readonly EndpointTraits[] {
  return world.network.parts.endpoints.map(({ traits: { name, operator, isPrivate, rate } }) => {
    return { name, operator, weight: 1, isPrivate, rate, capabilities: ALL_CAPABILITIES }
  })
}

/** As `chainNodes` does it. `lease`: the call of the chain's object. */
export async function routedNodes(
  party: Party,
  world: NodeWorld,
  routers: Routers,
  lease: Lessor,
  asking: Asking,
  visibility: Visibility,
): Promise<readonly ChainNode[]> {
  const { stage, endpoints } = world.network.parts
  const router = routers[visibility]
  const lessor: Lessor = (request) => leaseThrough(stage, () => lease(request))
  if (router.isDue) await router.keep(lessor)
  return router.order(asking).map((name) => {
    const gate = assertDefined(router.gates.get(name), 'it has a gate')
    const endpoint = assertDefined(
      endpoints.find(({ traits }) => traits.name === name),
      'it is there',
    )
    return new RoutedNode(new SimNode(party, endpoint, world, gate), gate, router, lessor)
  })
}

/** Lost on the way there, or on the way back: then the object counts what nobody has. */
async function leaseThrough(stage: Stage, lease: () => Promise<LeaseAnswer>): Promise<LeaseAnswer> {
  if (!stage.faults.strikes('lease_lost')) return lease()
  if (stage.faults.stream('lease_lost').happens(0.5)) await lease()
  throw new LostCall('the lease was lost')
}

/** Of an object or a consumer: over when it dies. */
export function partyTimer(party: Party): Wait {
  return (ms) => ({
    done: new Promise((resolve) => party.hear(ms, 'waited', party.life, resolve)),
    cancel: () => {},
  })
}

/** Of an isolate, which dies with nobody. */
export function isolateTimer({ scheduler }: Stage): Wait {
  return (ms) => ({
    done: new Promise((resolve) => scheduler.after(ms, 'isolate waited', resolve)),
    cancel: () => {},
  })
}
