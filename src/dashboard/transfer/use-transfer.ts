// One transfer, read from its own actor until it has come to its end.

import { useCallback, useState } from 'preact/hooks'
import type { Api } from '../api/api.ts'
import type { Fault } from '../api/fault.ts'
import type { Transfer } from '../api/wire.ts'
import { usePoll } from '../page/use-poll.ts'
import { isFinal } from '../parts/status.ts'

/** Milliseconds. Only for what no record tells: confirmations, which are counted at read. */
const POLL_MS = 1_000

export type Subject = {
  /** null: not known yet, or it does not exist. */
  readonly transfer: Transfer | null
  readonly fault: Fault | null
  readonly askNow: () => void
  /** An answer that came another way. */
  readonly take: (transfer: Transfer) => void
}

export function useTransfer(api: Api, id: string, note: (transfer: Transfer) => void): Subject {
  const [transfer, setTransfer] = useState<Transfer | null>(null)

  const take = useCallback(
    (next: Transfer) => {
      setTransfer((before) => (before !== null && before.seq > next.seq ? before : next))
      note(next)
    },
    [note],
  )

  const isOver = transfer !== null && isFinal(transfer.status)
  const { fault, askNow } = usePoll(id, isOver ? null : POLL_MS, async (signal) => {
    const answer = await api.transfer(id, signal)
    if (!answer.ok) return answer.error
    if (!signal.aborted) take(answer.value)
    return null
  })

  return { transfer, fault, askNow, take }
}
