// Which signer takes a transfer that names a pool: how its members stand is asked in one round, side by side, and kept for
// a moment. The choice binds nobody; the transfer's object does, once. So a lost choice costs nothing, and an old one
// costs balance between the members at most.

import type { LogLevel } from '../../shared/adapters/json-log.ts'
import { mapBounded } from '../../shared/adapters/map-bounded.ts'
import type { Address } from '../../shared/chain/address.ts'
import type { ChainId } from '../../shared/chain/chain-id.ts'
import { addMs, type UnixMs } from '../../shared/lib/time.ts'
import { chooseSigner, type PoolMember, type PoolWish, withChoice } from '../../shared/pool/choose-signer.ts'
import type { Pool } from '../../shared/pool/sender.ts'
import type { SignerName } from '../../shared/ports/signer-actor.ts'
import type { Visibility } from '../../shared/routing/visibility.ts'
import type { SignerLoad } from '../../shared/signer/load.ts'
import type { TransferId } from '../../shared/transfer/transfer-id.ts'

export type PoolDeps = {
  readonly now: () => UnixMs
  /** What this isolate remembers. */
  readonly standings: PoolStandings
  /** Empty: there is no such pool. */
  readonly members: (pool: Pool) => Promise<readonly Address[]>
  /** Who may see what goes from this account. */
  readonly visibilityFor: (chain: ChainId, account: Address) => Visibility
  /** Answers or fails within a second or so. */
  readonly load: (signer: SignerName) => Promise<SignerLoad>
  readonly log: (level: LogLevel, event: string, fields: Readonly<Record<string, unknown>>) => void
}

export type Unbound = PoolWish & { readonly pool: Pool }

/** Milliseconds. Within it the choices of this isolate are counted on top; those of others are not. */
const STANDING_FRESH_MS = 1_000
/** Pools in memory, some 20 KB each where they are full. */
const POOLS_MAX = 100
const POOLS_AT_ONCE = 4
/** Calls to signers under way at once. */
const CALLS_AT_ONCE = 25

type Standing = { readonly at: UnixMs; readonly members: readonly PoolMember[] }

/** How the members of pools stood a moment ago. Values only, never work under way: that dies with its invocation. */
export class PoolStandings {
  readonly #byPool = new Map<string, Standing>()

  fresh(pool: string, now: UnixMs): readonly PoolMember[] | null {
    const standing = this.#byPool.get(pool)
    if (standing === undefined || now >= addMs(standing.at, STANDING_FRESH_MS)) return null
    return standing.members
  }

  learn(pool: string, at: UnixMs, members: readonly PoolMember[]): void {
    // Deleted first: a Map keeps the place of a key, and the oldest place goes first.
    this.#byPool.delete(pool)
    this.#byPool.set(pool, { at, members })
    if (this.#byPool.size <= POOLS_MAX) return
    const [oldest] = this.#byPool.keys()
    if (oldest !== undefined) this.#byPool.delete(oldest)
  }

  choose(pool: string, wish: PoolWish): Address | null {
    const standing = this.#byPool.get(pool)
    if (standing === undefined) return null
    const chosen = chooseSigner(wish, standing.members)
    if (chosen === null) return null
    this.#byPool.set(pool, { ...standing, members: withChoice(standing.members, chosen, wish) })
    return chosen
  }
}

/** Of each that somebody can take now. The others are asked about again later. */
export async function chooseSigners(
  unbound: readonly Unbound[],
  deps: PoolDeps,
): Promise<ReadonlyMap<TransferId, Address>> {
  const choices = new Map<TransferId, Address>()
  const groups = Map.groupBy(unbound, ({ pool }) => nameOf(pool))
  await mapBounded([...groups], POOLS_AT_ONCE, async ([name, wishes]) => {
    const [first] = wishes
    if (first === undefined) return
    try {
      if (deps.standings.fresh(name, deps.now()) === null) await look(name, first.pool, deps)
    } catch (error) {
      deps.log('warn', 'pool.not_read', { ...first.pool, error })
      return
    }
    for (const wish of wishes) {
      const chosen = deps.standings.choose(name, wish)
      if (chosen === null) deps.log('warn', 'pool.nobody', { ...wish.pool, transfer: wish.transfer })
      else choices.set(wish.transfer, chosen)
    }
  })
  return choices
}

async function look(name: string, pool: Pool, deps: PoolDeps): Promise<void> {
  const addresses = await deps.members(pool)
  const members = await mapBounded(addresses, CALLS_AT_ONCE, async (address): Promise<PoolMember> => {
    const { chain, tenant } = pool
    const visibility = deps.visibilityFor(chain, address)
    try {
      return { address, visibility, load: await deps.load({ chain, address, tenant }) }
    } catch (error) {
      deps.log('warn', 'pool.member_silent', { chain, address, error })
      return { address, visibility, load: null }
    }
  })
  deps.standings.learn(name, deps.now(), members)
}

function nameOf({ tenant, chain, pool }: Pool): string {
  return `${tenant}/${chain}/${pool}`
}
