// What can be wrong with a log, and where. A value: a damaged log is expected, and its actor goes on as a fenced one.

import type { WalFault } from './group.ts'

export type WalDamage =
  /** A group is missing, doubled or moved (`gap`), or does not say what was hashed (`digest`). */
  | WalFault
  /** A row or a block is of no form that a log has. */
  | { readonly reason: 'unreadable'; readonly seq: number }
  /** The log does not end where its own note of the end says. `seq`: of the last group that is there. */
  | { readonly reason: 'head'; readonly seq: number }
  /** A record that this code cannot fold. */
  | { readonly reason: 'record'; readonly seq: number }
  /** Somebody remembers a head, at `seq`, that this log does not have: an old copy. */
  | { readonly reason: 'old_copy'; readonly seq: number }

export const DAMAGE_REASONS = [
  'gap',
  'digest',
  'unreadable',
  'head',
  'record',
  'old_copy',
] as const satisfies readonly WalDamage['reason'][]
