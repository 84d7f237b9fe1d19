// Asks again and again while somebody looks: at a steady pace while it works, ever more slowly while it does not.

import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import type { Fault } from '../api/fault.ts'
import { retryDelayMs } from '../live/retry-delay.ts'

/** Milliseconds. The longest that a page stays blind after the server is back. */
const RETRY_MOST_MS = 15_000

export type Polling = {
  /** Of the last try; null: it worked. */
  readonly fault: Fault | null
  /** When the next try comes, where the last one failed. */
  readonly retryAtMs: number | null
  /** Asks now instead of at the end of the wait. */
  readonly askNow: () => void
}

type Ask = (signal: AbortSignal) => Promise<Fault | null>

/** A change of `subject` starts over at once. `everyMs` null: ask once and be done. */
export function usePoll(subject: string, everyMs: number | null, ask: Ask): Polling {
  const [outcome, setOutcome] = useState<Pick<Polling, 'fault' | 'retryAtMs'>>({
    fault: null,
    retryAtMs: null,
  })
  const askRef = useRef(ask)
  askRef.current = ask
  const runRef = useRef(() => {})

  // The subject is what is polled, though only `ask` reads it.
  useEffect(() => {
    const stop = new AbortController()
    let timer: ReturnType<typeof setTimeout> | undefined
    let failures = 0
    let isAsking = false
    let isAskedAgain = false

    const run = async () => {
      clearTimeout(timer)
      if (stop.signal.aborted || document.visibilityState === 'hidden') return
      // What is being answered may be older than what somebody wants to know now.
      isAskedAgain = isAsking
      if (isAsking) return
      isAsking = true
      const fault = await askRef.current(stop.signal)
      isAsking = false
      if (stop.signal.aborted) return
      if (isAskedAgain && fault === null) return run()
      failures = fault === null ? 0 : failures + 1
      const delay = fault === null ? everyMs : delayAfter(fault, failures, everyMs ?? 1_000)
      setOutcome((before) => {
        if (fault === null) return before.fault === null ? before : { fault: null, retryAtMs: null }
        return { fault, retryAtMs: Date.now() + (delay ?? 0) }
      })
      if (delay !== null) timer = setTimeout(run, delay)
    }

    runRef.current = run
    document.addEventListener('visibilitychange', run)
    window.addEventListener('online', run)
    run()
    return () => {
      stop.abort()
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', run)
      window.removeEventListener('online', run)
    }
  }, [subject, everyMs])

  return { ...outcome, askNow: useCallback(() => runRef.current(), []) }
}

function delayAfter(fault: Fault, failures: number, firstMs: number): number {
  const own = retryDelayMs(failures - 1, firstMs, RETRY_MOST_MS, Math.random())
  return fault.reason === 'refused' ? Math.max(own, fault.retryAfterMs ?? 0) : own
}
