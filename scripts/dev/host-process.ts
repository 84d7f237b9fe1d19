// The parent's side of a host: starts it in a process group of its own, waits until it is ready, calls it, ends it.

import { type ChildProcess, fork } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { type FromHost, fromHost, type ToHost } from './host-protocol.ts'
import { groupGone, killGroup } from './process-group.ts'

/** Lines of a log that are shown when its program failed. */
const LOG_TAIL_LINES = 25
/** Milliseconds until an orderly stop becomes a SIGKILL: a little more than the host gives itself. */
const STOP_WITHIN_MS = 10_000

export type HostOptions = {
  /** For messages. */
  readonly name: string
  /** The host's program, absolute. */
  readonly program: string
  /** May hold secrets: it goes over the channel, never into the arguments, which everybody on the machine sees. */
  readonly settings: unknown
  readonly logFile: string
  readonly readyWithinMs: number
  /** It exists; long before it is ready. */
  readonly onSpawn?: ((pid: number) => void) | undefined
  readonly onEvent?: (event: string) => void
  /** Gives up the start. */
  readonly signal?: AbortSignal | undefined
}

export type Exit = { readonly code: number | null; readonly signal: NodeJS.Signals | null }

export type HostProcess = {
  readonly pid: number
  readonly url: string
  /** Resolves when the host and all of its group are gone. */
  readonly exited: Promise<Exit>
  call(method: string, params: unknown): Promise<unknown>
  /** In order: what the part holds is on disk. */
  stop(): Promise<void>
  /** SIGKILL to the group, as the kernel would do it when memory runs out. */
  kill(): Promise<void>
}

export class HostFailed extends Error {
  override name = 'HostFailed'
}

export async function startHost(options: HostOptions): Promise<HostProcess> {
  options.signal?.throwIfAborted()
  const child = forkInOwnGroup(options)
  const { pid } = child
  if (pid === undefined) throw new HostFailed(`${options.name} could not be started`)
  options.onSpawn?.(pid)
  const exited = exitOf(child, pid)
  const calls = new Calls(child, options.name)
  void exited.then(() => calls.refuseAll())
  const kill = async () => {
    killGroup(pid)
    await exited
  }
  const ready = new Promise<string>((resolve, reject) => {
    child.on('message', (raw) => {
      const message = fromHost.parse(raw)
      if (message.type === 'ready') resolve(message.url)
      else if (message.type === 'failed') reject(new HostFailed(message.message))
      else if (message.type === 'told') options.onEvent?.(message.event)
      else calls.settle(message)
    })
    void exited.then((exit) => reject(new HostFailed(`ended by ${exit.signal ?? exit.code}`)))
    options.signal?.addEventListener('abort', () => reject(new HostFailed('interrupted')), { once: true })
    const tooLate = () => reject(new HostFailed(`not ready after ${options.readyWithinMs / 1000} s`))
    setTimeout(tooLate, options.readyWithinMs).unref()
  })
  child.send({ type: 'start', settings: options.settings } satisfies ToHost)
  try {
    const url = await ready
    return {
      pid,
      url,
      exited,
      kill,
      call: (method, params) => calls.make(method, params),
      stop: () => stop(child, exited, kill),
    }
  } catch (error) {
    await (options.signal?.aborted ? stop(child, exited, kill) : kill())
    const reason = error instanceof Error ? error.message : String(error)
    throw new HostFailed(`${options.name} did not start: ${reason}\n${logTail(options.logFile)}`)
  }
}

function forkInOwnGroup(options: HostOptions): ChildProcess {
  mkdirSync(dirname(options.logFile), { recursive: true })
  const log = openSync(options.logFile, 'a')
  try {
    return fork(options.program, [], { detached: true, execArgv: [], stdio: ['ignore', log, log, 'ipc'] })
  } finally {
    closeSync(log)
  }
}

/** Also ends what the host leaves behind: a host that was killed alone cannot take its own children along. */
function exitOf(child: ChildProcess, pid: number): Promise<Exit> {
  return new Promise((resolve) => {
    child.once('exit', async (code, signal) => {
      killGroup(pid)
      await groupGone(pid)
      resolve({ code, signal })
    })
  })
}

async function stop(child: ChildProcess, exited: Promise<Exit>, kill: () => Promise<void>): Promise<void> {
  if (child.connected) child.send({ type: 'stop' } satisfies ToHost)
  const inTime = await Promise.race([exited, delay(STOP_WITHIN_MS, null, { ref: false })])
  if (inTime === null) await kill()
}

export function logTail(file: string): string {
  try {
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n')
    return [`last lines of ${file}:`, ...lines.slice(-LOG_TAIL_LINES).map((line) => `  ${line}`)].join('\n')
  } catch {
    return `(no log at ${file})`
  }
}

/** Calls under way, by number. */
class Calls {
  readonly #child: ChildProcess
  readonly #name: string
  readonly #open = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>()
  #last = 0

  constructor(child: ChildProcess, name: string) {
    this.#child = child
    this.#name = name
  }

  make(method: string, params: unknown): Promise<unknown> {
    if (!this.#child.connected) return Promise.reject(new HostFailed(`${this.#name} does not run`))
    const id = ++this.#last
    return new Promise((resolve, reject) => {
      this.#open.set(id, { resolve, reject })
      this.#child.send({ type: 'call', id, method, params } satisfies ToHost)
    })
  }

  settle(message: Extract<FromHost, { type: 'answer' | 'refused' }>): void {
    const call = this.#open.get(message.id)
    this.#open.delete(message.id)
    if (message.type === 'answer') call?.resolve(message.value)
    else call?.reject(new HostFailed(`${this.#name}: ${message.message}`))
  }

  refuseAll(): void {
    for (const { reject } of this.#open.values()) reject(new HostFailed(`${this.#name} ended`))
    this.#open.clear()
  }
}
