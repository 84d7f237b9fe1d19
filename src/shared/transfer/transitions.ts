// Which record may follow in which phase, and where it leads. Complete by type: a new phase or kind does not compile
// until every cell of it was thought about. `null`: this record cannot be written in this phase; evolve asserts it.

import type { TransferRecordKind } from './records.ts'

export const PHASES = [
  'none',
  'accepted',
  'bound',
  'queued',
  'held',
  'signed',
  'broadcast',
  'unclear',
  'mined',
  'confirmed',
  'finalized',
  'failed',
  'expired',
  'canceled',
] as const
export type Phase = (typeof PHASES)[number]

type Row = Readonly<Record<TransferRecordKind, Phase | null>>

const NOTHING: Row = {
  accepted: null,
  bound: null,
  queued: null,
  held: null,
  signed: null,
  carried: null,
  capped: null,
  broadcast: null,
  unclear: null,
  mined: null,
  orphaned: null,
  confirmed: null,
  finalized: null,
  failed: null,
  retried: null,
  closed: null,
  unbound: null,
  speed_up_requested: null,
  withdraw_requested: null,
  withdraw_refused: null,
  expired: null,
  canceled: null,
}

/** Waiting in a pool: a slot may be taken, and the step may still be withdrawn. */
const POOLED = {
  signed: 'signed',
  carried: 'signed',
  failed: 'failed',
  closed: 'accepted',
  unbound: 'accepted',
  expired: 'expired',
  canceled: 'canceled',
} as const

/** In a slot: from here only the chain decides, also of a wish to cancel it. */
const SLOTTED = {
  mined: 'mined',
  closed: 'accepted',
} as const

export const TRANSITIONS: Readonly<Record<Phase, Row>> = {
  none: { ...NOTHING, accepted: 'accepted' },
  accepted: {
    ...NOTHING,
    bound: 'bound',
    speed_up_requested: 'accepted',
    withdraw_requested: 'accepted',
    expired: 'expired',
    canceled: 'canceled',
  },
  bound: {
    ...NOTHING,
    ...POOLED,
    queued: 'queued',
    held: 'held',
    speed_up_requested: 'bound',
    withdraw_requested: 'bound',
    withdraw_refused: 'bound',
  },
  queued: {
    ...NOTHING,
    ...POOLED,
    held: 'held',
    speed_up_requested: 'queued',
    withdraw_requested: 'queued',
    withdraw_refused: 'queued',
  },
  held: {
    ...NOTHING,
    ...POOLED,
    queued: 'queued',
    held: 'held',
    speed_up_requested: 'held',
    withdraw_requested: 'held',
    withdraw_refused: 'held',
  },
  signed: {
    ...NOTHING,
    ...SLOTTED,
    signed: 'signed',
    capped: 'signed',
    broadcast: 'broadcast',
    unclear: 'unclear',
    speed_up_requested: 'signed',
    withdraw_requested: 'signed',
    withdraw_refused: 'signed',
  },
  broadcast: {
    ...NOTHING,
    ...SLOTTED,
    signed: 'broadcast',
    capped: 'broadcast',
    unclear: 'unclear',
    speed_up_requested: 'broadcast',
    withdraw_requested: 'broadcast',
    withdraw_refused: 'broadcast',
  },
  unclear: {
    ...NOTHING,
    ...SLOTTED,
    signed: 'unclear',
    capped: 'unclear',
    broadcast: 'broadcast',
    speed_up_requested: 'unclear',
    withdraw_requested: 'unclear',
    withdraw_refused: 'unclear',
  },
  mined: {
    ...NOTHING,
    orphaned: 'broadcast',
    confirmed: 'confirmed',
    finalized: 'finalized',
    failed: 'failed',
    retried: 'accepted',
    withdraw_refused: 'mined',
  },
  confirmed: {
    ...NOTHING,
    orphaned: 'broadcast',
    finalized: 'finalized',
    failed: 'failed',
    withdraw_refused: 'confirmed',
  },
  finalized: NOTHING,
  failed: NOTHING,
  expired: NOTHING,
  canceled: NOTHING,
}
