// The child's side of a host: runs one part of the stack until it is told to stop or the parent is gone.
// It leads a process group of its own, so that one SIGKILL ends the part with all its processes and nothing else.

import { type FromHost, type ToHost, toHost } from './host-protocol.ts'

/** Milliseconds that an orderly end may take before the whole group is killed. */
const STOP_WITHIN_MS = 8_000

export type Hosted = {
  readonly url: string
  readonly calls: Readonly<Record<string, (params: unknown) => Promise<unknown>>>
  stop(): Promise<void>
}

/** Starts the part when its settings arrive. `tell` gives the parent an event; `fail` ends the host. */
export type StartHosted = (settings: unknown, tell: (event: string) => void) => Promise<Hosted>

export function host(start: StartHosted): void {
  let hosted: Promise<Hosted> | null = null
  const end = endOnce(() => hosted)
  // Ctrl-C reaches the parent; its group is another one. SIGTERM comes from whoever tidies up.
  process.on('SIGTERM', () => end(0))
  process.on('SIGINT', () => end(0))
  process.on('disconnect', () => end(0))
  process.on('message', (raw) => {
    const message = toHost.parse(raw)
    if (message.type === 'stop') return end(0)
    if (message.type === 'call') return void answer(hosted, message)
    hosted = start(message.settings, (event) => send({ type: 'told', event }))
    hosted.then(
      ({ url }) => send({ type: 'ready', url }),
      (error: unknown) => {
        console.error(error)
        send({ type: 'failed', message: messageOf(error) })
        end(1)
      },
    )
  })
}

async function answer(
  hosted: Promise<Hosted> | null,
  call: Extract<ToHost, { type: 'call' }>,
): Promise<void> {
  try {
    const method = (await hosted)?.calls[call.method]
    if (method === undefined) throw new Error(`no method ${call.method}`)
    send({ type: 'answer', id: call.id, value: await method(call.params) })
  } catch (error) {
    send({ type: 'refused', id: call.id, message: messageOf(error) })
  }
}

function endOnce(hosted: () => Promise<Hosted> | null): (code: number) => void {
  let ending = false
  return (code) => {
    if (ending) return
    ending = true
    setTimeout(killOwnGroup, STOP_WITHIN_MS)
    Promise.resolve(hosted())
      .then((part) => part?.stop())
      .catch((error: unknown) => console.error(error))
      .finally(() => process.exit(code))
  }
}

/** A negative id names the group, which this process leads. */
function killOwnGroup(): void {
  process.kill(-process.pid, 'SIGKILL')
}

function send(message: FromHost): void {
  if (process.connected) process.send?.(message)
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
