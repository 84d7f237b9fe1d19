// Blocks that a transfer wants on top of its inclusion, the mined one included.

import type { ExistingTransfer } from './state.ts'

export function neededConfirmations(state: ExistingTransfer, defaultConfirmations: number): number {
  return state.request.confirmations ?? defaultConfirmations
}
