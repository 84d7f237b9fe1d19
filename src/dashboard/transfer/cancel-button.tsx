// Cancels a transfer that is not signed yet, after asking once.

import './cancel-button.css'
import { useRef, useState } from 'preact/hooks'
import type { Api } from '../api/api.ts'
import { faultText, isDefinite } from '../api/fault.ts'
import type { Transfer } from '../api/wire.ts'
import { announce } from '../parts/announcer.tsx'
import { commandKey, forgetCommandKey } from './command-key.ts'

type Props = {
  readonly api: Api
  readonly id: string
  readonly isCancelable: boolean
  /** Also moves the focus: the button goes with the status that allowed it. */
  readonly onAnswer: (transfer: Transfer) => void
}

type Progress = { readonly isBusy: boolean; readonly error: string | null }

const IDLE: Progress = { isBusy: false, error: null }

export function CancelButton({ api, id, isCancelable, onAnswer }: Props) {
  const dialog = useRef<HTMLDialogElement>(null)
  const [{ isBusy, error }, setProgress] = useState<Progress>(IDLE)

  const open = () => {
    setProgress(IDLE)
    dialog.current?.showModal()
  }

  const cancel = async () => {
    setProgress({ isBusy: true, error: null })
    const answer = await api.cancel(id, commandKey(id))
    if (answer.ok || isDefinite(answer.error)) forgetCommandKey(id)
    setProgress({ isBusy: false, error: answer.ok ? null : faultText(answer.error) })
    if (!answer.ok) return
    announce('Cancel accepted')
    dialog.current?.close()
    onAnswer(answer.value)
  }

  return (
    <>
      {isCancelable && (
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
          It is not signed yet. If its signer starts on it first, the cancel is refused and the transfer goes
          on as if nobody had asked.
        </p>
        <p class="cancel-error" role="alert">
          {error}
        </p>
        <div class="cancel-actions">
          <button type="button" class="button" onClick={() => dialog.current?.close()}>
            Keep it
          </button>
          <button
            type="button"
            class="button button-danger"
            disabled={isBusy || !isCancelable}
            onClick={cancel}
          >
            {isBusy ? 'Canceling…' : 'Cancel transfer'}
          </button>
        </div>
      </dialog>
    </>
  )
}
