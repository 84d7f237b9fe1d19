// What `npm start` prints. Lines on a pipe; on a terminal also colours (unless NO_COLOR is set) and one status line at
// the bottom that says what is waited for.

import { styleText } from 'node:util'

/** Milliseconds between two updates of the status line. */
const FRAME_MS = 100
/** Milliseconds after which a wait is told, again and again, where there is no status line. */
const TELL_WAIT_EVERY_MS = 5_000
const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']
/** Characters: the longest name of a row and a little air. */
const NAME_WIDTH = 14
const CLEAR_LINE = '\r\u001b[2K'

export type Paint = 'dim' | 'bold' | 'green' | 'yellow' | 'red' | 'cyan'

type Wait = { readonly text: string; readonly since: number; toldMs: number }

export class Console {
  readonly #out: NodeJS.WriteStream
  readonly #hasColors: boolean
  readonly #hasStatusLine: boolean
  readonly #waits = new Set<Wait>()
  #timer: NodeJS.Timeout | null = null
  #frame = 0

  constructor(out: NodeJS.WriteStream, env: NodeJS.ProcessEnv) {
    this.#out = out
    this.#hasStatusLine = out.isTTY === true && env.TERM !== 'dumb' && env.CI === undefined
    this.#hasColors = out.isTTY === true && env.TERM !== 'dumb' && !env.NO_COLOR
  }

  line(text = ''): void {
    this.#write(`${text}\n`)
  }

  /** A name and what belongs to it, one under the other. */
  row(name: string, text: string): void {
    this.line(`  ${this.paint('dim', name.padEnd(NAME_WIDTH))}${text}`)
  }

  warn(text: string): void {
    this.line(`  ${this.paint('yellow', '!')} ${text}`)
  }

  error(text: string): void {
    this.line(this.paint('red', text))
  }

  paint(style: Paint, text: string): string {
    return this.#hasColors ? styleText(style, text, { validateStream: false }) : text
  }

  /** Tells of work when it is done, with the time it took, and of the wait while it lasts. */
  async step<T>(name: string, work: Promise<T>, tell: (value: T) => string): Promise<T> {
    const since = performance.now()
    const value = await this.waitFor(name, work)
    const took = `${((performance.now() - since) / 1_000).toFixed(1)} s`
    this.line(
      `  ${this.paint('green', '✓')} ${name.padEnd(NAME_WIDTH - 2)}${tell(value)}  ${this.paint('dim', took)}`,
    )
    return value
  }

  async waitFor<T>(text: string, work: Promise<T>): Promise<T> {
    const wait: Wait = { text, since: performance.now(), toldMs: 0 }
    this.#waits.add(wait)
    this.#timer ??= setInterval(() => this.#tick(), FRAME_MS).unref()
    try {
      return await work
    } finally {
      this.#waits.delete(wait)
      if (this.#waits.size === 0 && this.#timer !== null) {
        clearInterval(this.#timer)
        this.#timer = null
        if (this.#hasStatusLine) this.#out.write(CLEAR_LINE)
      }
    }
  }

  #write(text: string): void {
    this.#out.write(this.#hasStatusLine && this.#waits.size > 0 ? CLEAR_LINE + text : text)
    this.#drawStatus()
  }

  #tick(): void {
    this.#frame++
    this.#drawStatus()
    if (this.#hasStatusLine) return
    for (const wait of this.#waits) {
      const forMs = performance.now() - wait.since
      if (forMs - wait.toldMs < TELL_WAIT_EVERY_MS) continue
      wait.toldMs = forMs
      this.line(`  … ${wait.text} (${Math.round(forMs / 1_000)} s)`)
    }
  }

  #drawStatus(): void {
    if (!this.#hasStatusLine || this.#waits.size === 0) return
    const waits = [...this.#waits]
    const longest = Math.max(...waits.map(({ since }) => performance.now() - since))
    const text = `${waits.map((wait) => wait.text).join(', ')} ${(longest / 1_000).toFixed(1)} s`
    const line = `${FRAMES[this.#frame % FRAMES.length]} ${text}`.slice(0, Math.max(1, this.#out.columns - 3))
    this.#out.write(`${CLEAR_LINE}  ${this.paint('dim', line)}`)
  }
}
