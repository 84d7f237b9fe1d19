// What estimates of one kind of step came to lately: so that one that is sure need not be asked for, and so that a limit is as much
// above its estimate as such estimates move. Bounded; a cache of this life of the object, and lost without harm.
//
// What is not tried before it goes may revert on the chain: such a step is then admitted anew and tried (SPEC.md, S33), so a
// wrong guess costs gas, and never a transfer. A contract's call is always tried: its trial run is what keeps it from paying
// for a revert.

import { addMs, MINUTE_MS, type UnixMs } from '../../lib/time.ts'
import type { Action } from '../../transfer/request.ts'
import type { GasEstimate } from './account.ts'

/** Kinds that are kept. Some 200 bytes each. */
const TEMPLATES_MOST = 1_024
/** Of those that were used least recently, so many are looked at for the one that goes: the least used of them. */
const EVICTED_FROM = 8
/** Milliseconds. An account may have code since, a token other rules: after this long somebody asks again. */
const TRUSTED_MS = 10 * MINUTE_MS
/** What a transfer of value to an account without code costs, exactly: whoever has code, or a chain with other prices, costs more. */
const PLAIN_TRANSFER_GAS = 21_000n
/** Payments of one token that were tried before the dearest of them is taken for what any may cost. */
const SURE_FROM = 16

/** Percent of an estimate. State may change between the estimate and the block; of the limit what is not used is not paid. */
const USUAL_MARGIN = 120n
const LEAST_MARGIN = 105n
const MOST_MARGIN = 150n
/** Times what estimates moved by: the next move may be a larger one. */
const TIMES_MOVED = 2n
/** Estimates of a kind before its margin is learned. */
const LEARNED_FROM = 8

/** Characters of `0x` and four bytes. */
const SELECTOR_LENGTH = 10

type Template = {
  readonly uses: number
  /** Estimates since the latest that failed. */
  readonly seen: number
  readonly most: bigint
  readonly last: bigint
  /** Percent by which an estimate was above the one before it, at most. */
  readonly rise: bigint
  readonly at: UnixMs
}

export class GasTemplates {
  readonly #templates = new Map<string, Template>()

  get size(): number {
    return this.#templates.size
  }

  /** Null: somebody has to be asked. */
  sure(action: Action, now: UnixMs): Extract<GasEstimate, { ok: true }> | null {
    const name = nameOf(action)
    const template = name === null ? undefined : this.#templates.get(name)
    if (name === null || template === undefined || now >= addMs(template.at, TRUSTED_MS)) return null
    if (!isSure(action, template)) return null
    this.#put(name, { ...template, uses: template.uses + 1 })
    return { ok: true, gas: template.most, isUntried: true }
  }

  /** With the margin that estimates of this kind need. */
  withMargin(action: Action, estimate: GasEstimate): GasEstimate {
    const name = nameOf(action)
    const template = name === null ? undefined : this.#templates.get(name)
    return estimate.ok && template !== undefined ? { ...estimate, margin: marginOf(template) } : estimate
  }

  /** Once for each estimate. */
  learn(action: Action, estimate: GasEstimate, now: UnixMs): void {
    const name = nameOf(action)
    if (name === null) return
    if (!estimate.ok) {
      // A node that had trouble says nothing of the kind.
      if (estimate.reverted) this.#templates.delete(name)
      return
    }
    const known = this.#templates.get(name)
    const before = known !== undefined && now < addMs(known.at, TRUSTED_MS) ? known : undefined
    const template = {
      uses: (known?.uses ?? 0) + 1,
      seen: (before?.seen ?? 0) + 1,
      most: larger(before?.most ?? 0n, estimate.gas),
      last: estimate.gas,
      rise: larger(before?.rise ?? 0n, riseOf(before?.last, estimate.gas)),
      at: now,
    }
    this.#put(name, template)
  }

  /** One that was taken for sure was not. */
  forget(action: Action): void {
    const name = nameOf(action)
    if (name !== null) this.#templates.delete(name)
  }

  #put(name: string, template: Template): void {
    // The last one is the one that was used last.
    this.#templates.delete(name)
    this.#templates.set(name, template)
    if (this.#templates.size <= TEMPLATES_MOST) return
    let least: { readonly name: string; readonly uses: number } | null = null
    let looked = 0
    for (const [other, { uses }] of this.#templates) {
      if (looked === EVICTED_FROM) break
      looked += 1
      if (least === null || uses < least.uses) least = { name: other, uses }
    }
    if (least !== null) this.#templates.delete(least.name)
  }
}

/** To whom, what, and in which shape. Null: a batch of actions is as dear as its parts, and no kind. */
function nameOf(action: Action): string | null {
  switch (action.type) {
    case 'native':
      return `native ${action.to}`
    case 'erc20':
      return `erc20 ${action.token}`
    case 'call':
      return `call ${action.to} ${action.data.slice(0, SELECTOR_LENGTH)} ${action.data.length} ${action.value > 0n}`
    case 'batch':
      return null
  }
}

function isSure({ type }: Action, { seen, most }: Template): boolean {
  if (type === 'native') return most === PLAIN_TRANSFER_GAS
  return type === 'erc20' && seen >= SURE_FROM
}

function riseOf(before: bigint | undefined, gas: bigint): bigint {
  if (before === undefined || before === 0n || gas <= before) return 0n
  return ((gas - before) * 100n + before - 1n) / before
}

/** Twice what they moved by, within bounds; what is exact has none. */
function marginOf({ seen, most, rise }: Template): bigint {
  if (most === PLAIN_TRANSFER_GAS) return 100n
  if (seen < LEARNED_FROM) return USUAL_MARGIN
  const wanted = 100n + TIMES_MOVED * rise
  if (wanted < LEAST_MARGIN) return LEAST_MARGIN
  return wanted > MOST_MARGIN ? MOST_MARGIN : wanted
}

function larger(one: bigint, other: bigint): bigint {
  return one > other ? one : other
}
