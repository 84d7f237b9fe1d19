// A command to have it sooner: what waits goes as a fast one, and what was sent gets a better offer. Pure.

import type { Decision, TransferEffect } from './decision.ts'
import type { ExistingTransfer, TransferState } from './state.ts'

export type SpeedUpAnswer = {
  /** `asked`: the signer is told, now and again until the transfer is in a block. */
  readonly result: 'asked' | 'too_late' | 'withdrawing' | 'unknown' | 'fenced'
}

/** Each command counts once; another one is another wish. */
export function speedUp(state: TransferState, command: string): Decision<SpeedUpAnswer> {
  if (state.phase === 'none') return only({ result: 'unknown' })
  const isSame = state.speed_up === command
  if (!isOpen(state)) return only({ result: isSame ? 'asked' : 'too_late' })
  if (state.withdrawal?.answer === 'awaited') return only({ result: 'withdrawing' })
  return {
    answer: { result: 'asked' },
    records: isSame ? [] : [{ kind: 'speed_up_requested', command }],
    effects: hastenEffects({ ...state, speed_up: command }),
  }
}

/** What the signer is to be told, as long as it can still make a difference. */
export function hastenEffects(state: ExistingTransfer): readonly TransferEffect[] {
  if (state.speed_up === null || !('signer' in state) || !isOpen(state)) return []
  const key = { transfer: state.id, step: 0, generation: state.generation }
  return [{ do: 'hasten', signer: state.signer, key, command: state.speed_up }]
}

function isOpen({ phase }: ExistingTransfer): boolean {
  switch (phase) {
    case 'accepted':
    case 'bound':
    case 'queued':
    case 'held':
    case 'signed':
    case 'broadcast':
    case 'unclear':
      return true
    case 'mined':
    case 'confirmed':
    case 'finalized':
    case 'failed':
    case 'expired':
    case 'canceled':
      return false
  }
}

function only(answer: SpeedUpAnswer): Decision<SpeedUpAnswer> {
  return { answer, records: [], effects: [] }
}
