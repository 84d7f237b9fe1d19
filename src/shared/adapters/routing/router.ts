// One holder's routing over the endpoints of a chain: the gates, who is asked in which order, and the leases that it keeps.

import { addMs, SECOND_MS, type UnixMs } from '../../lib/time.ts'
import type { LeaseAnswer, Lessor } from '../../ports/endpoint-lessor.ts'
import type { EndpointTraits } from '../../routing/endpoint-traits.ts'
import { costOf, type HeadSight } from '../../routing/health.ts'
import { LEASE_MS } from '../../routing/leases.ts'
import { type Draw, inOrder } from '../../routing/order.ts'
import { referenceHead } from '../../routing/reference-head.ts'
import { type HolderReport, informed, reportOf } from '../../routing/report.ts'
import { EndpointGate } from './endpoint-gate.ts'
import type { Wait } from './timer.ts'

/** Of a lease: so that the next one is there before it ends. */
const RENEWED_AFTER_MS = LEASE_MS / 2
/** Where nothing is shared but health. */
const EXCHANGED_EACH_MS = 15 * SECOND_MS
/** One that was refused, or not answered, asks again after this. */
const ASKED_AGAIN_MS = SECOND_MS
const AWAITING_POLL_MS = 10
/** Heads that were told within it are compared. */
const SAME_TIME_MS = 2 * SECOND_MS
const PROBED_EACH_MS = 10 * SECOND_MS
/** The chain's object answers from memory. */
const ANSWERS_WITHIN_MS = SECOND_MS

export type RouterDeps = {
  readonly holder: string
  readonly now: () => UnixMs
  readonly wait: Wait
  readonly draw: () => number
}

/** What somebody wants of endpoints. `key`: whose stays with the same ones; null: nobody's. */
export type Asking = { readonly purpose: 'read' | 'broadcast'; readonly key: string | null }

/** Of endpoints of one visibility: what is private has a router of its own. */
export class Router {
  readonly gates: ReadonlyMap<string, EndpointGate>
  readonly #deps: RouterDeps
  readonly #isRated: boolean
  #askNextAt: UnixMs | null = null
  #askingSince: UnixMs | null = null
  #probedAt: UnixMs | null = null

  constructor(endpoints: readonly EndpointTraits[], deps: RouterDeps) {
    this.#deps = deps
    this.gates = new Map(endpoints.map((traits) => [traits.name, this.#gate(traits)]))
    this.#isRated = endpoints.some(({ rate }) => rate !== null)
  }

  /** Names, best first. */
  order({ purpose, key }: Asking): readonly string[] {
    const now = this.#deps.now()
    const able = [...this.gates.values()].filter(({ traits: { capabilities } }) =>
      purpose === 'read' ? capabilities.reads : capabilities.broadcasts,
    )
    if (able.length === 1) return able.map(({ traits }) => traits.name)
    const draw: Draw = key === null ? { by: 'chance', draw: this.#deps.draw } : { by: 'key', key }
    const candidates = able.map(({ traits: { name, weight }, health, tier }) => ({
      name,
      weight,
      tier,
      cost: costOf(health, weight, now),
    }))
    return inOrder(candidates, draw)
  }

  /** Compared with what others told at the same time: a head that is some seconds old is low by itself. */
  sawHead(name: string, sight: HeadSight): void {
    const now = this.#deps.now()
    const gate = this.gates.get(name)
    if (gate === undefined) return
    const all = [...this.gates.values()]
    const others = all.flatMap(({ traits: { name: other, operator }, health: { head } }) =>
      other === name || head === null || now >= addMs(head.at, SAME_TIME_MS)
        ? []
        : [{ operator, head: head.height }],
    )
    const own = sight.is === 'no_higher' ? [] : [{ operator: gate.traits.operator, head: sight.head }]
    const operators = new Set(all.map(({ traits }) => traits.operator)).size
    gate.sawHead(sight, others.length === 0 ? null : referenceHead([...others, ...own], operators))
  }

  /** Names whose heads are to be asked for now, so that they can be compared: the slowest first. Mostly none. */
  takeProbes(): readonly string[] {
    const now = this.#deps.now()
    if (this.gates.size < 2 || (this.#probedAt !== null && now < addMs(this.#probedAt, PROBED_EACH_MS)))
      return []
    this.#probedAt = now
    const cost = ({ traits: { weight }, health }: EndpointGate) => costOf(health, weight, now)
    const asked = [...this.gates.values()].filter(
      ({ isOpen, traits: { capabilities } }) => !isOpen && capabilities.reads,
    )
    return asked.sort((one, other) => cost(other) - cost(one)).map(({ traits }) => traits.name)
  }

  /** Whether `keep` has something to do. A single endpoint without a rate has nothing to share. */
  get isDue(): boolean {
    if (!this.#isRated && this.gates.size < 2) return false
    return this.#askNextAt === null || this.#deps.now() >= this.#askNextAt || this.#isAwaitingLease
  }

  /** Renews leases and exchanges what was measured. Whoever comes meanwhile goes on with what there is, if there is any. */
  async keep(lessor: Lessor): Promise<void> {
    while (this.#isAwaitingLease) await this.#deps.wait(AWAITING_POLL_MS).done
    const askedAt = this.#deps.now()
    if (this.#askNextAt !== null && askedAt < this.#askNextAt) return
    this.#askNextAt = addMs(askedAt, ASKED_AGAIN_MS)
    this.#askingSince = askedAt
    const answer = await this.#ask(lessor)
    this.#askingSince = null
    if (answer !== null) this.#take(answer, askedAt)
  }

  /** Somebody asks for the first part of a rate: without it only the fallback could be used. */
  get #isAwaitingLease(): boolean {
    const since = this.#askingSince
    // Who asks may die with its invocation.
    if (since === null || this.#deps.now() >= addMs(since, ANSWERS_WITHIN_MS)) return false
    return this.#isRated && [...this.gates.values()].some(({ lacksLease }) => lacksLease)
  }

  get report(): HolderReport {
    const now = this.#deps.now()
    const endpoints = [...this.gates.values()].map(({ traits: { name }, health, perSecond }) =>
      reportOf(name, health, perSecond, now),
    )
    return { holder: this.#deps.holder, at: now, endpoints }
  }

  async #ask(lessor: Lessor): Promise<LeaseAnswer | null> {
    const { holder, endpoints } = this.report
    const timer = this.#deps.wait(ANSWERS_WITHIN_MS)
    const asked = lessor({ holder, endpoints }).catch(() => null)
    const answer = await Promise.race([asked, timer.done.then(() => null)])
    timer.cancel()
    return answer
  }

  #take({ parts, endpoints }: LeaseAnswer, askedAt: UnixMs): void {
    const now = this.#deps.now()
    for (const { name, perSecond } of parts) this.gates.get(name)?.lease(perSecond, askedAt)
    for (const told of endpoints) this.gates.get(told.name)?.inform((health) => informed(health, told, now))
    const isWaiting = parts.some(({ perSecond }) => perSecond === 0)
    const nextMs = isWaiting ? ASKED_AGAIN_MS : this.#isRated ? RENEWED_AFTER_MS : EXCHANGED_EACH_MS
    this.#askNextAt = addMs(askedAt, nextMs)
  }

  #gate(traits: EndpointTraits): EndpointGate {
    const { now, wait } = this.#deps
    const hasOthers = () =>
      [...this.gates.values()].some((other) => other.traits.name !== traits.name && !other.isOpen)
    return new EndpointGate(traits, { now, wait, hasOthers })
  }
}
