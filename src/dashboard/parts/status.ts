// How each status is named and colored, and how far along the good way it is.

import type { Status } from '../../shared/transfer/status.ts'

export type Tone = 'neutral' | 'blue' | 'violet' | 'green' | 'amber' | 'red'

/** What the mark shows: a ring that fills, or one sign. */
export type Mark = 'ring' | 'check' | 'cross' | 'slash' | 'clock' | 'pause' | 'question'

export type StatusLook = {
  readonly name: string
  readonly tone: Tone
  readonly mark: Mark
  /** 0 to 1, of a ring. */
  readonly filled: number
  /** One sentence for the title. */
  readonly meaning: string
}

const LOOKS: Record<Status, StatusLook> = {
  accepted: look('Accepted', 'neutral', 0, 'Written to its own log. Nothing can lose it from here.'),
  held: { ...look('Held', 'amber', 0, 'Waits outside of the nonce line until it may go.'), mark: 'pause' },
  queued: look('Queued', 'neutral', 0.15, 'In the pool of its signer.'),
  signed: look('Signed', 'blue', 0.3, 'Has a nonce and signed bytes. Not sent yet.'),
  broadcast: look('Broadcast', 'blue', 0.5, 'Handed to the network, waits for a block.'),
  unclear: {
    ...look('Unclear', 'amber', 0.5, 'May have been sent. The same bytes go out again until the chain says.'),
    mark: 'question',
  },
  mined: look('Mined', 'violet', 0.7, 'In a block, which a reorg could still undo.'),
  confirmed: look('Confirmed', 'violet', 0.85, 'Has the confirmations that it asked for.'),
  finalized: { ...look('Finalized', 'green', 1, 'The chain can no longer undo it.'), mark: 'check' },
  failed: { ...look('Failed', 'red', 1, 'Ended without effect.'), mark: 'cross' },
  expired: { ...look('Expired', 'neutral', 1, 'Its deadline came before it was sent.'), mark: 'clock' },
  canceled: { ...look('Canceled', 'neutral', 1, 'Canceled before it became money.'), mark: 'slash' },
}

function look(name: string, tone: Tone, filled: number, meaning: string): StatusLook {
  return { name, tone, mark: 'ring', filled, meaning }
}

/** A newer server may know a status that this page does not: it is shown by its word. */
export function statusLook(status: Status): StatusLook {
  return LOOKS[status] ?? look(status, 'neutral', 0, '')
}

const FINAL: readonly Status[] = ['finalized', 'failed', 'expired', 'canceled']

export function isFinal(status: Status): boolean {
  return FINAL.includes(status)
}

/** Until it is in a block a cancel can still be granted. */
const CANCELABLE: readonly Status[] = ['accepted', 'held', 'queued', 'signed', 'broadcast', 'unclear']

export function isCancelable(status: Status): boolean {
  return CANCELABLE.includes(status)
}

const REASONS: Readonly<Record<string, string>> = {
  not_before: 'until its time comes',
  approval: 'for an approval',
  policy: 'by policy',
  funds: 'for funds of its signer',
  fee_cap: 'for fees under a cap',
  fenced: 'because its signer is fenced',
  signing: 'its key did not sign',
  reverted: 'the call reverted',
  no_effect: 'nothing was moved',
  would_revert: 'the call would revert',
  number_used: 'the chain has its number as used',
}

export function reasonText(reason: string): string {
  return REASONS[reason] ?? reason.replaceAll('_', ' ')
}
