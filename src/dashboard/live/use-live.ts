// One transfer's records as they are written, and how the connection is.

import { useEffect, useRef, useState } from 'preact/hooks'
import type { LiveRecord } from './live-cursor.ts'
import { LiveSocket, type LiveState } from './live-socket.ts'

export type Live = {
  readonly records: readonly LiveRecord[]
  readonly state: LiveState
  readonly retryNow: () => void
}

/** `isKnown` is false until the transfer was seen to exist: for another one there is nothing to connect to. */
export function useLive(transfer: string, key: string, isKnown: boolean): Live {
  const [records, setRecords] = useState<readonly LiveRecord[]>([])
  const [state, setState] = useState<LiveState>({ at: 'connecting' })
  const socketRef = useRef<LiveSocket | null>(null)

  useEffect(() => {
    if (!isKnown) return
    const socket = new LiveSocket(transfer, key, {
      onRecord: (record) => setRecords((before) => [...before, record]),
      onRestart: () => setRecords([]),
      onState: setState,
    })
    socketRef.current = socket
    const retryNow = () => socket.retryNow()
    window.addEventListener('online', retryNow)
    document.addEventListener('visibilitychange', retryNow)
    return () => {
      window.removeEventListener('online', retryNow)
      document.removeEventListener('visibilitychange', retryNow)
      socket.close()
      socketRef.current = null
      setRecords([])
    }
  }, [transfer, key, isKnown])

  return {
    records,
    state,
    retryNow: () => socketRef.current?.retryNow(),
  }
}
