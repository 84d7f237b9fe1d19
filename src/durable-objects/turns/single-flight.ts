// Work of which one run at a time is enough: a call during a run is served by one more run after it, which sees all
// that the callers before it wrote.

export class SingleFlight {
  readonly #work: () => Promise<void>
  #current: Promise<void> | null = null
  #next: Promise<void> | null = null

  constructor(work: () => Promise<void>) {
    this.#work = work
  }

  /** Resolves after a run that began after this call. */
  run(): Promise<void> {
    if (this.#current === null) return this.#start()
    this.#next ??= this.#current
      .catch(() => {
        // Whoever started that run has its error.
      })
      .then(() => {
        this.#next = null
        return this.#start()
      })
    return this.#next
  }

  #start(): Promise<void> {
    const run = this.#work().finally(() => {
      if (this.#current === run) this.#current = null
    })
    this.#current = run
    return run
  }
}
