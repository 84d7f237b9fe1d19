// Who waits for whom: an edge for every call that was not answered in the turn in which it came. Handlers that news goes up
// to answer in that turn, so edges only ever lead down, and a circle is a deadlock that waits to happen.

import type { Violations } from './violations.ts'

export class Waits {
  readonly #violations: Violations
  /** How many calls are open from one to the other. */
  readonly #edges = new Map<string, Map<string, number>>()

  constructor(violations: Violations) {
    this.#violations = violations
  }

  begin(caller: string, callee: string): void {
    const edges = this.#edges.get(caller) ?? new Map<string, number>()
    edges.set(callee, (edges.get(callee) ?? 0) + 1)
    this.#edges.set(caller, edges)
    const isFree = !this.#leads(callee, caller, new Set())
    this.#violations.check('deadlock', isFree, () => `${caller} waits for ${callee}, which waits for it`)
  }

  end(caller: string, callee: string): void {
    const edges = this.#edges.get(caller)
    const count = edges?.get(callee) ?? 0
    if (count <= 1) edges?.delete(callee)
    else edges?.set(callee, count - 1)
  }

  #leads(from: string, to: string, seen: Set<string>): boolean {
    if (from === to) return true
    if (seen.has(from)) return false
    seen.add(from)
    for (const next of this.#edges.get(from)?.keys() ?? []) if (this.#leads(next, to, seen)) return true
    return false
  }
}
