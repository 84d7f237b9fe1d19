// How an actor is reached: by its name, which says all that there is to know of it.

import type { Address } from '../chain/address.ts'
import type { ChainId } from '../chain/chain-id.ts'

/** A stub is made anew for each use: after an exception the old one stays broken. */
export interface ActorNamespace<Actor> {
  getByName(name: string): Actor
}

export function signerObjectName(chain: ChainId, address: Address): string {
  return `${chain}/${address}`
}
