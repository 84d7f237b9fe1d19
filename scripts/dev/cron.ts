// Cron triggers on the wall clock. Workerd has none of its own: locally somebody must tick.

import { unstable_readConfig } from 'wrangler'

/** Milliseconds: the finest a cron expression can say. */
const MINUTE_MS = 60_000

export type Tick = (cron: string, at: Date) => Promise<unknown>

/** The expressions of wrangler.toml. */
export function cronsOf(config: string): readonly string[] {
  return unstable_readConfig({ config }).triggers.crons ?? []
}

/** Ticks at full minutes. What was missed while nothing ran is not made up for: the next tick finds the same work. */
export function startCron(crons: readonly string[], tick: Tick): { stop(): void } {
  for (const cron of crons) everyMinutes(cron)
  let timer: NodeJS.Timeout
  const wait = () => {
    const next = nextMinute(Date.now())
    timer = setTimeout(() => {
      wait()
      for (const cron of crons) {
        if (!isDue(cron, next)) continue
        tick(cron, new Date(next)).catch((error: unknown) => console.error(`cron ${cron}:`, error))
      }
    }, next - Date.now())
  }
  wait()
  return { stop: () => clearTimeout(timer) }
}

export function isDue(cron: string, atMs: number): boolean {
  return new Date(atMs).getUTCMinutes() % everyMinutes(cron) === 0
}

function nextMinute(nowMs: number): number {
  return (Math.floor(nowMs / MINUTE_MS) + 1) * MINUTE_MS
}

// Throws for what is neither each minute nor each N minutes: a tick that is never due would be silent.
function everyMinutes(cron: string): number {
  const [, step] = /^\*(?:\/([1-9][0-9]?))? \* \* \* \*$/.exec(cron) ?? []
  if (step !== undefined) return Number(step)
  if (cron === '* * * * *') return 1
  throw new Error(`the local runtime cannot tick ${cron}`)
}
