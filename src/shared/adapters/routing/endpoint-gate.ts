// What every request to one endpoint passes: its breaker, its pause, the limit and the rate. One per endpoint and holder.
// Shared by all requests of an isolate, so it holds plain values only: nobody waits here for another one's promise, which is
// never kept when that one's invocation ends.

import { addMs, SECOND_MS, type UnixMs } from '../../lib/time.ts'
import type { HeldBack, NodeFailure } from '../../ports/chain-node.ts'
import { passing } from '../../routing/breaker.ts'
import type { EndpointTraits } from '../../routing/endpoint-traits.ts'
import {
  type HeadSight,
  type Health,
  headSeen,
  isPaused,
  lagOf,
  observed,
  UNKNOWN_HEALTH,
  unreadable,
} from '../../routing/health.ts'
import { fallbackOf, LEASE_MS } from '../../routing/leases.ts'
import { isWithin } from '../../routing/limit.ts'
import { type Tier, tierOf } from '../../routing/order.ts'
import { type Booking, booked, FRESH_PACE } from '../../routing/pace.ts'
import { faultOf } from './fault-of.ts'
import type { Wait } from './timer.ts'

/** How long a request stands in line. Bytes are worth more than a look, which somebody makes again. */
const READ_WAITS_MS = 2 * SECOND_MS
const BROADCAST_WAITS_MS = 8 * SECOND_MS
const LIMIT_POLL_MS = 20
const MARKED_EACH_MS = 5 * SECOND_MS
/** Longer than any request takes: one whose invocation ended never comes back. */
const FORGOTTEN_MS = 15 * SECOND_MS
/** An endpoint whose next turn is farther off is asked after the others. */
const SOON_MS = 250

export type RequestKind = 'read' | 'broadcast'
export type Pass = { readonly since: UnixMs }

export type GateDeps = {
  readonly now: () => UnixMs
  readonly wait: Wait
  /** Whether any other endpoint of the chain takes requests. */
  readonly hasOthers: () => boolean
}

type Mark = { readonly at: UnixMs; readonly sent: number }

/** What the chain's object gave. */
type Part = { readonly perSecond: number; readonly until: UnixMs }

export class EndpointGate {
  readonly traits: EndpointTraits
  readonly #deps: GateDeps
  #health: Health = UNKNOWN_HEALTH
  #pace = FRESH_PACE
  #part: Part | null = null
  /** When each began. */
  #underWay: readonly UnixMs[] = []
  /** Ever. */
  #sent = 0
  /** How many had been sent when, some seconds apart. */
  #marks: { readonly before: Mark; readonly last: Mark }

  constructor(traits: EndpointTraits, deps: GateDeps) {
    this.traits = traits
    this.#deps = deps
    const mark = { at: deps.now(), sent: 0 }
    this.#marks = { before: mark, last: mark }
  }

  get health(): Health {
    return this.#health
  }

  /** Requests a second, over the last five to ten seconds of work. */
  get perSecond(): number {
    const { at, sent } = this.#marks.before
    return ((this.#sent - sent) * SECOND_MS) / Math.max(SECOND_MS, this.#deps.now() - at)
  }

  /** Whether it has a rate, and no part of it. */
  get lacksLease(): boolean {
    return this.traits.rate !== null && (this.#part === null || this.#deps.now() >= this.#part.until)
  }

  inform(change: (health: Health) => Health): void {
    this.#health = change(this.#health)
  }

  /** `askedAt`: the part counts from then. */
  lease(perSecond: number, askedAt: UnixMs): void {
    this.#part = { perSecond, until: addMs(askedAt, LEASE_MS) }
  }

  sawHead(sight: HeadSight, reference: number | null): void {
    this.#health = headSeen(this.#health, sight, reference, this.#deps.now())
  }

  sawNonsense(): void {
    this.#health = unreadable(this.#health)
  }

  get isOpen(): boolean {
    return passing(this.#health.breaker, this.#deps.now()) === null
  }

  get tier(): Tier {
    const now = this.#deps.now()
    const isHeldBack =
      this.isOpen ||
      isPaused(this.#health, now) ||
      !isWithin(this.#health.limit, this.#count(now)) ||
      this.#book(now, SOON_MS) === null
    return tierOf(isHeldBack, lagOf(this.#health, now))
  }

  /** Waits for its turn; or says why there is none. */
  async enter(kind: RequestKind): Promise<Pass | HeldBack> {
    const { now } = this.#deps
    const since = now()
    const until = addMs(since, kind === 'broadcast' ? BROADCAST_WAITS_MS : READ_WAITS_MS)
    if (this.#isRefused()) return 'breaker'
    const pausedMs = (this.#health.pausedUntil ?? 0) - since
    if (pausedMs > until - since) return 'pause'
    if (pausedMs > 0) await this.#deps.wait(pausedMs).done
    while (!isWithin(this.#health.limit, this.#count(now()))) {
      if (now() >= until) return 'limit'
      await this.#deps.wait(LIMIT_POLL_MS).done
    }
    const booking = this.#book(now(), Math.max(0, until - now()))
    if (booking === null) return 'rate'
    if (booking !== 'free') {
      this.#pace = booking.pace
      if (booking.at > now()) await this.#deps.wait(booking.at - now()).done
    }
    return this.#pass()
  }

  left({ since }: Pass, failure: NodeFailure | null): void {
    const now = this.#deps.now()
    const underWay = this.#count(now)
    const at = this.#underWay.indexOf(since)
    if (at >= 0) this.#underWay = this.#underWay.toSpliced(at, 1)
    const tookMs = Math.max(0, now - since)
    this.#health = observed(this.#health, { tookMs, underWay, ...faultOf(failure) }, now)
  }

  #pass(): Pass | HeldBack {
    const now = this.#deps.now()
    // What it said meanwhile to others it said to this one too.
    if (this.#isRefused()) return 'breaker'
    if (isPaused(this.#health, now)) return 'pause'
    const breaker = passing(this.#health.breaker, now)
    if (breaker !== null) this.#health = { ...this.#health, breaker }
    this.#underWay = [...this.#underWay, now]
    const { last } = this.#marks
    if (now >= addMs(last.at, MARKED_EACH_MS)) {
      this.#marks = { before: last, last: { at: now, sent: this.#sent } }
    }
    this.#sent += 1
    return { since: now }
  }

  #isRefused(): boolean {
    return this.isOpen && this.#deps.hasOthers()
  }

  /** `free`: no rate holds here. Null: not within that time. */
  #book(now: UnixMs, mostMs: number): Booking | 'free' | null {
    const { rate } = this.traits
    if (rate === null) return 'free'
    if (this.#part !== null && now < this.#part.until) {
      const { perSecond, until } = this.#part
      if (perSecond === 0) return null
      const booking = booked(this.#pace, perSecond, now, mostMs)
      if (booking === null || booking.at < until) return booking
    }
    return booked(this.#pace, fallbackOf(rate), now, mostMs)
  }

  #count(now: UnixMs): number {
    const [oldest] = this.#underWay
    if (oldest !== undefined && now >= addMs(oldest, FORGOTTEN_MS)) {
      this.#underWay = this.#underWay.filter((since) => now < addMs(since, FORGOTTEN_MS))
    }
    return this.#underWay.length
  }
}
