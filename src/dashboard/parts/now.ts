// One clock for all times on the page, so that they change together and a hundred rows need one timer.

import { useEffect, useReducer, useRef } from 'preact/hooks'

/** Milliseconds: the smallest unit that is shown. */
const TICK_MS = 1_000

const listeners = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined

function listen(listener: () => void): () => void {
  listeners.add(listener)
  timer ??= setInterval(() => {
    for (const each of listeners) each()
  }, TICK_MS)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

/** What `read` makes of the time. Draws again only when that is another text. */
export function useNow(read: (nowMs: number) => string): string {
  const [, drawAgain] = useReducer((count: number, _: null) => count + 1, 0)
  const text = read(Date.now())
  const shown = useRef({ read, text })
  shown.current = { read, text }
  useEffect(() => {
    return listen(() => {
      if (shown.current.read(Date.now()) !== shown.current.text) drawAgain(null)
    })
  }, [])
  return text
}
