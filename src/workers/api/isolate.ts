// What one isolate remembers between requests: settings and what it has read lately. All of it can be lost at any time.

import type { Depth } from '../../shared/ports/chain-actor.ts'
import type { Visibility } from '../../shared/routing/visibility.ts'
import type { FailingPart } from '../../shared/schema/problem.ts'
import type { KeyRow } from './caller.ts'
import { IsolateCache } from './isolate-cache.ts'

/** Milliseconds. A revoked key works at most this long. */
const KEY_FRESH_MS = 10_000
/** Milliseconds. A database that is away does not stop transfers of callers that were known a moment ago. */
const STALE_ON_ERROR_MS = 60_000
/** Milliseconds. Half of the time that an entry is good for: under load no request waits for the database. */
const REFRESH_MS = 5_000
/** Milliseconds. About the shortest time between two blocks of a chain. */
const DEPTH_FRESH_MS = 1_000
/** Milliseconds. /readyz asks for no key, so it must not be a way to make the parts work. */
const READINESS_FRESH_MS = 2_000
/** About 300 bytes each: under 3 MB of the 128 MB that the isolate shares with its objects. */
const CACHE_ENTRIES = 10_000

/** What is left of /readyz: nothing failing is ready. */
export type ReadinessState = { readonly asked: readonly string[]; readonly failing: readonly FailingPart[] }

export type Isolate = {
  readonly keys: IsolateCache<KeyRow>
  /** Signers that are there: `chain/address` to the tenant that they belong to. */
  readonly signers: IsolateCache<string>
  /** Pools that are there: `tenant/chain/pool` to what can be sent from them. */
  readonly pools: IsolateCache<readonly Visibility[]>
  readonly depths: IsolateCache<Depth>
  readonly readiness: IsolateCache<ReadinessState>
}

export function createIsolate(): Isolate {
  const rows = {
    freshMs: KEY_FRESH_MS,
    refreshMs: REFRESH_MS,
    staleOnErrorMs: STALE_ON_ERROR_MS,
    maxEntries: CACHE_ENTRIES,
  }
  return {
    keys: new IsolateCache(rows),
    signers: new IsolateCache(rows),
    pools: new IsolateCache(rows),
    depths: new IsolateCache(brief(DEPTH_FRESH_MS)),
    readiness: new IsolateCache(brief(READINESS_FRESH_MS)),
  }
}

function brief(freshMs: number) {
  return { freshMs, refreshMs: freshMs, staleOnErrorMs: freshMs, maxEntries: CACHE_ENTRIES }
}
