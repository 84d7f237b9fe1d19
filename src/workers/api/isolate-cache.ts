// What this isolate has read lately, so that a read model's database is not on the way of every request. Holds answers
// that are there; that something is not there is never kept, so that it can be seen at once when it comes.

export type CacheLimits = {
  /** Milliseconds. Older than this, an entry is not used without asking again. */
  readonly freshMs: number
  /** Milliseconds. From this age on an entry is asked for again while it is still used, so that no request waits. */
  readonly refreshMs: number
  /** Milliseconds. Up to this age an entry is used when asking fails. At least `freshMs`. */
  readonly staleOnErrorMs: number
  /** The oldest entry goes first. Memory of an isolate is shared with all objects in it. */
  readonly maxEntries: number
}

type Entry<Value> = { readonly value: Value; readonly at: number; isRefreshing: boolean }

export class IsolateCache<Value> {
  readonly #limits: CacheLimits
  readonly #entries = new Map<string, Entry<Value>>()

  constructor(limits: CacheLimits) {
    this.#limits = limits
  }

  /** `later` keeps the isolate alive for work that nobody waits for. */
  async read(
    key: string,
    load: () => Promise<Value | null>,
    later: (work: Promise<unknown>) => void,
  ): Promise<Value | null> {
    const entry = this.#entries.get(key)
    const ageMs = entry === undefined ? Number.POSITIVE_INFINITY : Date.now() - entry.at
    if (entry === undefined || ageMs >= this.#limits.freshMs) {
      return this.#load(key, load).catch((error: unknown) => {
        if (entry === undefined || ageMs >= this.#limits.staleOnErrorMs) throw error
        return entry.value
      })
    }
    if (ageMs >= this.#limits.refreshMs && !entry.isRefreshing) {
      entry.isRefreshing = true
      // A refresh that fails changes nothing: at `freshMs` a request asks and sees the failure.
      later(this.#load(key, load).catch(() => null))
    }
    return entry.value
  }

  async #load(key: string, load: () => Promise<Value | null>): Promise<Value | null> {
    const value = await load()
    // Deleted first: a Map keeps the place of a key, and the oldest place goes first.
    this.#entries.delete(key)
    if (value === null) return null
    this.#entries.set(key, { value, at: Date.now(), isRefreshing: false })
    if (this.#entries.size > this.#limits.maxEntries) {
      const [oldest] = this.#entries.keys()
      if (oldest !== undefined) this.#entries.delete(oldest)
    }
    return value
  }
}
