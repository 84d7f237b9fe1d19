// The views of the list: which statuses each one asks for.

import type { Status } from '../../shared/transfer/status.ts'

export const VIEWS = ['all', 'active', 'attention', 'ended'] as const
export type View = (typeof VIEWS)[number]

/** Empty: all of them. */
export const VIEW_STATUSES: Record<View, readonly Status[]> = {
  all: [],
  active: ['accepted', 'held', 'queued', 'signed', 'broadcast', 'unclear', 'mined', 'confirmed'],
  attention: ['held', 'unclear', 'failed'],
  ended: ['finalized', 'failed', 'expired', 'canceled'],
}

export const VIEW_NAMES: Record<View, string> = {
  all: 'All',
  active: 'Active',
  attention: 'Attention',
  ended: 'Ended',
}

export function isView(text: string): text is View {
  return VIEWS.some((view) => view === text)
}
