// One part of a stack (the chain, the runtime): it can be killed and started again on the same state and port.

import type { Exit, HostProcess } from './host-process.ts'

export type PartOptions = {
  start(): Promise<HostProcess>
  /** It ended although nobody asked for that. */
  onLost(exit: Exit): void
}

export class Part {
  readonly #options: PartOptions
  #starting: Promise<HostProcess> | null = null
  #host: HostProcess | null = null

  constructor(options: PartOptions) {
    this.#options = options
  }

  get host(): HostProcess {
    if (this.#host === null) throw new Error('this part does not run')
    return this.#host
  }

  /** Ends what still runs, the hard way, and starts anew. */
  async start(): Promise<HostProcess> {
    await this.kill()
    this.#starting = this.#options.start()
    const host = await this.#starting
    this.#host = host
    void host.exited.then((exit) => {
      if (this.#host !== host) return
      this.#host = null
      this.#options.onLost(exit)
    })
    return host
  }

  async kill(): Promise<void> {
    const host = await this.#release()
    await host?.kill()
  }

  async stop(): Promise<void> {
    const host = await this.#release()
    await host?.stop()
  }

  /** From here on its end is no loss. A start under way is waited for, or it would outlive the stack. */
  async #release(): Promise<HostProcess | null> {
    const host = await this.#starting?.catch(() => null)
    this.#starting = null
    this.#host = null
    return host ?? null
  }
}
