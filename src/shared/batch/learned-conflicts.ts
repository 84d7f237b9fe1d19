// Which calls may share a contract's state, by what was seen of their templates. A cache: bounded, and lost without harm.

import type { Address } from '../chain/address.ts'

export type Template = {
  readonly contract: Address
  /** Four bytes as hex, or RECEIVE. */
  readonly selector: string
}

/** Value or tokens came to the contract, without a call of ours. */
export const RECEIVE = 'receive'
export const TRANSFER = '0xa9059cbb'
export const APPROVE = '0x095ea7b3'

/** They only add to and take from balances and allowances: no evidence is needed, until there is some against it. */
const KNOWN_CLEAN: readonly string[] = [RECEIVE, TRANSFER, APPROVE]

/** Times in a row that the later one's trial run came true. Once is chance: both may have touched different entries. */
const CLEAN_AFTER = 4
/** Pairs that are remembered: some 100 bytes each, and a signer rarely calls more than a few contracts. */
export const PAIRS_MAX = 1_024
/** What one more use is worth in age: a pair of every day outlives a burst of others. */
const USE_WORTH = 16
/** Uses that count: a pair that was much used once must go at last. */
const USES_MOST = 64

type Pair = {
  readonly selectors: readonly [string, string]
  /** How often the trial run came true since it last did not. */
  inARow: number
  uses: number
  /** In observations, not in time. */
  lastUse: number
}

export class LearnedConflicts {
  readonly #contracts = new Map<Address, Map<string, Pair>>()
  /** Made when asked for, from the pairs. */
  readonly #shared = new Map<Address, ReadonlySet<string>>()
  #observations = 0
  #size = 0

  get size(): number {
    return this.#size
  }

  /** Of two steps that touched one contract: did the later one do what its trial run said, made before the earlier ran? */
  observe(contract: Address, one: string, other: string, cameTrue: boolean): void {
    this.#observations += 1
    this.#shared.delete(contract)
    const pair = this.#pairOf(contract, one, other) ?? this.#add(contract, one, other)
    pair.inARow = cameTrue ? pair.inARow + 1 : 0
    pair.uses = Math.min(USES_MOST, pair.uses + 1)
    pair.lastUse = this.#observations
  }

  /** Steps whose templates are shared may be in one group. Any two templates that are shared are clean with each other. */
  isShared({ contract, selector }: Template): boolean {
    let shared = this.#shared.get(contract)
    if (shared === undefined) {
      if (!this.#contracts.has(contract)) return KNOWN_CLEAN.includes(selector)
      shared = this.#sharedOf(contract)
      this.#shared.set(contract, shared)
    }
    return shared.has(selector)
  }

  /** The most used first: where two are not clean, the one that is seen less stands apart. */
  #sharedOf(contract: Address): ReadonlySet<string> {
    const uses = new Map<string, number>(KNOWN_CLEAN.map((selector) => [selector, 0]))
    for (const pair of this.#contracts.get(contract)?.values() ?? [])
      for (const selector of pair.selectors) uses.set(selector, (uses.get(selector) ?? 0) + pair.uses)
    const shared = new Set<string>()
    for (const [selector] of [...uses].sort(byUseThenName)) {
      if ([selector, ...shared].every((other) => this.#isClean(contract, selector, other)))
        shared.add(selector)
    }
    return shared
  }

  #isClean(contract: Address, one: string, other: string): boolean {
    const pair = this.#pairOf(contract, one, other)
    return pair === undefined ? isKnownClean(one, other) : pair.inARow >= CLEAN_AFTER
  }

  #pairOf(contract: Address, one: string, other: string): Pair | undefined {
    return this.#contracts.get(contract)?.get(nameOf(one, other))
  }

  #add(contract: Address, one: string, other: string): Pair {
    if (this.#size >= PAIRS_MAX) this.#evict()
    const inARow = isKnownClean(one, other) ? CLEAN_AFTER : 0
    const pair: Pair = { selectors: [one, other], inARow, uses: 0, lastUse: this.#observations }
    const pairs = this.#contracts.get(contract) ?? new Map<string, Pair>()
    pairs.set(nameOf(one, other), pair)
    this.#contracts.set(contract, pairs)
    this.#size += 1
    return pair
  }

  /** The least by use and recency. A scan: it happens only when a new pair comes to a full memory. */
  #evict(): void {
    let worst: { readonly contract: Address; readonly name: string; readonly worth: number } | null = null
    for (const [contract, pairs] of this.#contracts) {
      for (const [name, pair] of pairs) {
        const worth = pair.lastUse + USE_WORTH * pair.uses
        if (worst === null || worth < worst.worth) worst = { contract, name, worth }
      }
    }
    if (worst === null) return
    const pairs = this.#contracts.get(worst.contract)
    pairs?.delete(worst.name)
    if (pairs?.size === 0) this.#contracts.delete(worst.contract)
    this.#shared.delete(worst.contract)
    this.#size -= 1
  }
}

/** Who shares with itself shares with those that are known, too, unless it was seen not to. */
function isKnownClean(one: string, other: string): boolean {
  return KNOWN_CLEAN.includes(one) || KNOWN_CLEAN.includes(other)
}

function nameOf(one: string, other: string): string {
  return one < other ? `${one} ${other}` : `${other} ${one}`
}

function byUseThenName(
  [one, uses]: readonly [string, number],
  [other, otherUses]: readonly [string, number],
) {
  return otherUses - uses || (one < other ? -1 : 1)
}
