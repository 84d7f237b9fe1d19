// The only clock and the only order of a simulated world: events by time, and within the same millisecond by when they were
// scheduled. One event runs, all microtasks that it woke run, then its turn ends: nothing else ever moves.

export type Settle = () => void

type Event = {
  readonly at: number
  readonly order: number
  readonly label: string
  readonly run: () => void
  readonly settle: Settle | null
}

/** Time at which every history begins. Milliseconds since the epoch. */
export const BEGINNING = Date.UTC(2026, 0, 31, 12)

/** Microtasks of an event run before the immediate does: the one real thing that the simulator waits for. */
const drained = () => new Promise<void>((resolve) => setImmediate(resolve))

export class Scheduler {
  #now = BEGINNING
  #order = 0
  #events = 0
  /** Of times and labels of all events so far: two runs of one history have the same. */
  #digest = 0x811c9dc5
  readonly #heap: Event[] = []
  onEvent: ((at: number, label: string) => void) | null = null

  /** True time, which no actor knows exactly. */
  get now(): number {
    return this.#now
  }

  get events(): number {
    return this.#events
  }

  get digest(): string {
    return (this.#digest >>> 0).toString(16).padStart(8, '0')
  }

  get isEmpty(): boolean {
    return this.#heap.length === 0
  }

  /** `settle`: ends the turn of whoever the event is for, after its microtasks. */
  after(delayMs: number, label: string, run: () => void, settle: Settle | null = null): void {
    const at = this.#now + Math.max(0, Math.round(delayMs))
    this.#order += 1
    push(this.#heap, { at, order: this.#order, label, run, settle })
  }

  /** Runs the next event; false: there is none. */
  async step(): Promise<boolean> {
    const event = pop(this.#heap)
    if (event === null) return false
    this.#now = event.at
    this.#events += 1
    this.#mix(event)
    this.onEvent?.(event.at, event.label)
    event.run()
    await drained()
    event.settle?.()
    return true
  }

  #mix({ at, label }: Event): void {
    let digest = this.#digest ^ (at - BEGINNING)
    for (let index = 0; index < label.length; index++) {
      digest = Math.imul(digest ^ label.charCodeAt(index), 0x01000193)
    }
    this.#digest = digest
  }
}

function isBefore(one: Event, other: Event): boolean {
  return one.at === other.at ? one.order < other.order : one.at < other.at
}

function push(heap: Event[], event: Event): void {
  let index = heap.length
  heap.push(event)
  while (index > 0) {
    const above = (index - 1) >> 1
    const parent = heap[above]
    if (parent === undefined || !isBefore(event, parent)) break
    heap[index] = parent
    index = above
  }
  heap[index] = event
}

function pop(heap: Event[]): Event | null {
  const first = heap[0]
  const last = heap.pop()
  if (first === undefined || last === undefined) return null
  if (heap.length > 0) sink(heap, last)
  return first
}

function sink(heap: Event[], event: Event): void {
  let index = 0
  for (;;) {
    const left = 2 * index + 1
    const one = heap[left]
    const other = heap[left + 1]
    if (one === undefined) break
    const isOther = other !== undefined && isBefore(other, one)
    const child = isOther ? other : one
    if (!isBefore(child, event)) break
    heap[index] = child
    index = isOther ? left + 1 : left
  }
  heap[index] = event
}
