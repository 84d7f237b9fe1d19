// Cancels a transfer that is not signed yet, after asking once.

import './cancel-button.css'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { Status } from '../../shared/transfer/status.ts'
import type { Api } from '../api/api.ts'
import { type Fault, faultText, isDefinite } from '../api/fault.ts'
import type { Transfer } from '../api/wire.ts'
import { announce } from '../parts/announcer.tsx'
import { isCancelable } from '../parts/status.ts'
import { commandKey, forgetCommandKey } from './command-key.ts'

type Props = {
  readonly api: Api
  readonly id: string
  readonly status: Status
  readonly onAnswer: (transfer: Transfer) => void
}

type Progress = { readonly isBusy: boolean; readonly fault: Fault | null }

const IDLE: Progress = { isBusy: false, fault: null }

export function CancelButton({ api, id, status, onAnswer }: Props) {
  const dialog = useRef<HTMLDialogElement>(null)
  const [{ isBusy, fault }, setProgress] = useState<Progress>(IDLE)
  const canCancel = isCancelable(status)

  // The news may be faster than the answer, or come although the answer got lost.
  useEffect(() => {
    if (status === 'canceled') dialog.current?.close()
  }, [status])

  const open = () => {
    setProgress(IDLE)
    dialog.current?.showModal()
  }

  const cancel = async () => {
    setProgress({ isBusy: true, fault: null })
    const answer = await api.cancel(id, commandKey(id))
    if (answer.ok || isDefinite(answer.error)) forgetCommandKey(id)
    setProgress({ isBusy: false, fault: answer.ok ? null : answer.error })
    if (!answer.ok) return
    announce('Cancel accepted')
    dialog.current?.close()
    onAnswer(answer.value)
  }

  return (
    <>
      {canCancel && (
        <button type="button" class="button button-danger" onClick={open}>
          Cancel transfer
        </button>
      )}
      <dialog
        ref={dialog}
        class="dialog cancel-dialog"
        aria-labelledby="cancel-title"
        aria-describedby="cancel-text"
      >
        <h2 id="cancel-title">Cancel this transfer?</h2>
        <p id="cancel-text">
          It is in no block yet. Where it has a nonce, other bytes take its place there, and it is canceled
          when those are final; if its own come first, the transfer goes on as if nobody had asked.
        </p>
        <p class="cancel-error" role="alert">
          {noteText(fault, canCancel)}
        </p>
        <div class="cancel-actions">
          <button type="button" class="button" onClick={() => dialog.current?.close()}>
            {canCancel ? 'Keep it' : 'Close'}
          </button>
          <button type="button" class="button button-danger" disabled={isBusy || !canCancel} onClick={cancel}>
            {isBusy ? 'Canceling…' : 'Cancel transfer'}
          </button>
        </div>
      </dialog>
    </>
  )
}

function noteText(fault: Fault | null, canCancel: boolean): string | null {
  if (fault !== null && isDefinite(fault)) return faultText(fault)
  if (!canCancel) return 'It has gone on in the meantime and can no longer be canceled.'
  return fault === null ? null : `${faultText(fault)} You can try again: it counts once.`
}
