// What a chain's object does for all who ask its endpoints: splits rates among them, and hands on what each of them measured.
// Answers at once, from what it holds: nobody waits here for an endpoint.

import { addMs, type UnixMs } from '../../shared/lib/time.ts'
import type { LeaseAnswer, LeaseRequest } from '../../shared/ports/endpoint-lessor.ts'
import type { EndpointTraits } from '../../shared/routing/endpoint-traits.ts'
import { granted, UNKNOWN_LEASES_MS } from '../../shared/routing/leases.ts'
import { type HolderReport, merged, withReport } from '../../shared/routing/report.ts'
import type { EndpointStanding } from '../../shared/routing/standing.ts'
import type { Storage } from '../sqlite/storage.ts'
import { type LeasesByEndpoint, readLeaseTable, writeLeaseTable } from './lease-table.ts'

export type DeskDeps = {
  readonly storage: Storage
  readonly now: () => UnixMs
  readonly endpoints: () => readonly EndpointTraits[]
}

export class EndpointDesk {
  readonly #deps: DeskDeps
  /** Null: not read yet in this life of the object. */
  #leases: LeasesByEndpoint | null = null
  /** What was given before and is not known is over then. */
  #givesFrom: UnixMs | null = null
  /** In this life of the object: each holder tells its own anew. */
  #reports: readonly HolderReport[] = []

  constructor(deps: DeskDeps) {
    this.#deps = deps
  }

  lease({ holder, endpoints }: LeaseRequest): LeaseAnswer {
    const now = this.#deps.now()
    // Who asks names the endpoints that it sends to: of the others it gets no part.
    const asked = new Set(endpoints.map(({ name }) => name))
    const rated = this.#deps.endpoints().filter(({ name, rate }) => rate !== null && asked.has(name))
    const parts = rated.length === 0 ? [] : this.#grantAll(rated, holder, now)
    const told = this.#deps.endpoints().flatMap(({ name }) => merged(this.#reports, name, now) ?? [])
    this.#reports = withReport(this.#reports, { holder, at: now, endpoints }, now)
    return { parts, endpoints: told }
  }

  /** `own`: what this object's own isolate knows, which may never have had to report. */
  standings(own: HolderReport): readonly EndpointStanding[] {
    const now = this.#deps.now()
    const reports = withReport(this.#reports, own, now)
    const leases = this.#read(now)
    return this.#deps.endpoints().map((traits) => {
      const live = (leases.get(traits.name) ?? []).filter(({ until }) => until > now)
      const holders = Map.groupBy(live, ({ holder }) => holder)
      const leased = [...holders.values()].reduce((sum, own) => sum + (own.at(-1)?.perSecond ?? 0), 0)
      return { ...traits, leased, report: merged(reports, traits.name, now) }
    })
  }

  /** Written down before it is answered: a restart gives nothing twice. */
  #grantAll(rated: readonly EndpointTraits[], holder: string, now: UnixMs): LeaseAnswer['parts'] {
    const leases = this.#read(now)
    if (this.#givesFrom !== null && now < this.#givesFrom) {
      return rated.map(({ name }) => ({ name, perSecond: 0 }))
    }
    const served = new Set(this.#deps.endpoints().map(({ name }) => name))
    const given = new Map([...leases].filter(([name]) => served.has(name)))
    const parts = rated.map(({ name, rate }) => {
      const grant = granted(leases.get(name) ?? [], rate ?? 0, holder, now)
      given.set(name, grant.leases)
      return { name, perSecond: grant.perSecond }
    })
    writeLeaseTable(this.#deps.storage, given)
    this.#leases = given
    return parts
  }

  #read(now: UnixMs): LeasesByEndpoint {
    if (this.#leases !== null) return this.#leases
    const stored = readLeaseTable(this.#deps.storage)
    if (stored === null) this.#givesFrom = addMs(now, UNKNOWN_LEASES_MS)
    this.#leases = stored ?? new Map()
    return this.#leases
  }
}
