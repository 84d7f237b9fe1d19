// What bounds a signer.

import { DAY_MS, MINUTE_MS } from '../../lib/time.ts'

/** Steps that wait in one pool. Above it admission is refused and the transfer asks again: memory stays bounded. */
export const POOL_MAX_STEPS = 10_000

/** How old a transfer's agreement to be admitted may be: far above the time a message spends between the objects. */
export const ADMISSION_VALID_MS = 15 * MINUTE_MS

/**
 * How long an ended and acknowledged step is remembered, so that a late copy of its admission is known as such. Far
 * above ADMISSION_VALID_MS and every clock difference: an admission that outlived this is refused as stale.
 */
export const ENDED_KEPT_MS = DAY_MS

/** Blocks between a trial run that reverted and the one that decides: a node that lags must not fail a transfer. */
export const DOUBT_BLOCKS = 2

/** Held steps that are looked at again in one plan, besides the fresh ones that have room. */
export const HELD_LOOKED_AT = 16
