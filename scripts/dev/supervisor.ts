// Keeps a stack alive while it serves: a part that ends by itself is started again on the same state. The transfers go
// on by what is in their logs.

import type { Console } from './console.ts'
import type { Exit } from './host-process.ts'
import type { Stack } from './stack.ts'
import type { PartName, Report } from './stack-options.ts'

/** Restarts within the window after which something is wrong that another one will not mend. */
const RESTARTS_MAX = 5
const RESTART_WINDOW_MS = 60_000

export class Supervisor implements Report {
  readonly #out: Console
  readonly #onGivenUp: (error: Error) => void
  #stack: Stack | null = null
  #restarts: readonly number[] = []

  constructor(out: Console, onGivenUp: (error: Error) => void) {
    this.#out = out
    this.#onGivenUp = onGivenUp
  }

  watch(stack: Stack): void {
    this.#stack = stack
  }

  /** From here on parts may end. */
  rest(): void {
    this.#stack = null
  }

  step<T>(name: string, work: Promise<T>, tell: (value: T) => string): Promise<T> {
    return this.#out.step(name, work, tell)
  }

  warn(text: string): void {
    this.#out.warn(text)
  }

  event(text: string): void {
    this.#out.warn(text)
  }

  lost(part: PartName, exit: Exit): void {
    // While the stack starts, whoever starts it sees the failure.
    if (this.#stack === null) return
    this.#out.warn(`the ${part} ended (${exit.signal ?? `exit code ${exit.code}`}): starting it again`)
    this.#restart(this.#stack, part).catch((error: unknown) => {
      this.#onGivenUp(error instanceof Error ? error : new Error(String(error)))
    })
  }

  async #restart(stack: Stack, part: PartName): Promise<void> {
    const since = Date.now() - RESTART_WINDOW_MS
    this.#restarts = [...this.#restarts.filter((at) => at > since), Date.now()]
    if (this.#restarts.length > RESTARTS_MAX) throw new Error(`the ${part} ends again and again`)
    const start = part === 'chain' ? stack.restartChain : stack.restartRuntime
    await this.#out.step(part, start(), () => 'started again, on the same state')
  }
}
