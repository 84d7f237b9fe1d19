// decide(state, input, now) -> an answer, the records that make it true, and what the shell must do next.
// No clock, no randomness, no I/O. The shell appends the records before it answers or does anything.

import type { Address } from '../chain/address.ts'
import { assert, assertNever } from '../lib/assert.ts'
import type { UnixMs } from '../lib/time.ts'
import { isPoolSender, type PoolSender } from '../pool/sender.ts'
import type { TenantId } from '../tenancy/tenant-id.ts'
import { neededConfirmations } from './confirmations.ts'
import type { Decision, TransferEffect } from './decision.ts'
import { endOfWish, isToBeRebound, REBIND_AFTER_MS } from './rebinding.ts'
import type { TransferRecord, WithdrawCause } from './records.ts'
import type { TransferRequest } from './request.ts'
import { settle } from './settle.ts'
import { hastenEffects } from './speed-up.ts'
import type { ExistingTransfer, TransferState } from './state.ts'
import { isFinal } from './status.ts'
import type { StepKey, StepReport } from './step-report.ts'
import type { SubmissionPath } from './submission-path.ts'
import type { TransferId } from './transfer-id.ts'

export type CreateInput = {
  readonly id: TransferId
  readonly tenant: TenantId
  readonly fingerprint: string
  readonly request: TransferRequest
  /** What time, quota and policy say of a NEW transfer; null: nothing against it. Never looked at for a repeated one. */
  readonly refusal: CreateRefusal | null
  /** Left out: by the queue, as all of its chain. */
  readonly path?: SubmissionPath | undefined
}

/** In order of precedence. */
export type CreateRefusal =
  | 'unknown_chain'
  | 'signer_not_found'
  | 'visibility_unavailable'
  | 'visibility_of_sender'
  | 'call_to_signer'
  | 'batch_unavailable'
  | 'batch_not_private'

export type CreateAnswer =
  | { readonly result: 'created' | 'repeated' }
  /** Its log is damaged before the first record: nobody can say what was asked for. */
  | { readonly result: 'fenced' }
  | { readonly result: 'key_reused' }
  | { readonly result: 'refused'; readonly reason: CreateRefusal | 'deadline_passed' }

/** The idempotency key's answer first; only a new transfer meets time, quota and policy. */
export function create(state: TransferState, input: CreateInput, now: UnixMs): Decision<CreateAnswer> {
  if (state.phase !== 'none') {
    return only({ result: state.fingerprint === input.fingerprint ? 'repeated' : 'key_reused' })
  }
  if (input.refusal !== null) return only({ result: 'refused', reason: input.refusal })
  const { deadline } = input.request
  if (deadline !== null && deadline <= now) return only({ result: 'refused', reason: 'deadline_passed' })
  const { id, tenant, fingerprint, request, path } = input
  const first = { kind: 'accepted', transfer: id, tenant, fingerprint, request } as const
  return {
    answer: { result: 'created' },
    records: [path === undefined ? first : { ...first, path }],
    effects: [{ do: 'enqueue' }],
  }
}

export type BindAnswer =
  | {
      readonly result: 'bound'
      readonly tenant: TenantId
      readonly signer: Address
      readonly key: StepKey
      readonly request: TransferRequest
    }
  /** It may be admitted by any signer of this pool: bind again with the choice. */
  | {
      readonly result: 'unbound'
      readonly transfer: TransferId
      readonly tenant: TenantId
      readonly pool: PoolSender
      readonly request: TransferRequest
    }
  | {
      readonly result: 'refused'
      readonly reason: 'unknown' | 'final' | 'withdrawing' | 'in_slot' | 'fenced'
    }

/**
 * The gate to every admission: also each replay of a parked message passes here. `choice`: the signer that was chosen of
 * the pool; null: not yet. It counts only until a signer is bound: two signers of one generation would pay twice.
 */
export function bind(state: TransferState, choice: Address | null, now: UnixMs): Decision<BindAnswer> {
  if (state.phase === 'none') return only({ result: 'refused', reason: 'unknown' })
  if (isEnded(state)) return only({ result: 'refused', reason: 'final' })
  if (state.withdrawal?.answer === 'awaited') return only({ result: 'refused', reason: 'withdrawing' })
  if (isInSlot(state)) return only({ result: 'refused', reason: 'in_slot' })
  if (state.phase === 'accepted' && isPastDeadline(state, now)) {
    return { ...only<BindAnswer>({ result: 'refused', reason: 'final' }), records: expire() }
  }
  // Its alarm takes it back; what was never admitted must not be now.
  if (isPastDeadline(state, now)) return only({ result: 'refused', reason: 'withdrawing' })
  const { id, tenant, generation, request } = state
  const { from } = request
  const own = isPoolSender(from) ? choice : from
  const signer = 'signer' in state ? state.signer : own
  if (signer === null) {
    assert(isPoolSender(from), 'an account is its own choice')
    return only({ result: 'unbound', transfer: id, tenant, pool: from, request })
  }
  const key = { transfer: id, step: 0, generation }
  return {
    answer: { result: 'bound', tenant, signer, key, request: asAsked(state) },
    records: state.phase === 'accepted' ? [{ kind: 'bound', generation, signer }] : [],
    effects: [],
  }
}

/** Whatever was beside it when it failed is not to be in its way again; and what is to be sped up is a fast one. */
function asAsked({ request, retries, speed_up }: ExistingTransfer): TransferRequest {
  return {
    ...request,
    batch: retries > 0 ? 'never' : request.batch,
    speed: speed_up === null ? request.speed : 'fast',
  }
}

export type CancelAnswer = {
  readonly result: 'canceled' | 'awaited' | 'too_late' | 'other_command' | 'unknown' | 'fenced'
}

/**
 * A wish until the signer has answered: canceled is said only when the step can no longer become money. One that is in a
 * slot, and in no block, the signer closes the slot for, where the chain lets it.
 */
export function cancel(state: TransferState, command: string): Decision<CancelAnswer> {
  if (state.phase === 'none') return only({ result: 'unknown' })
  const { withdrawal } = state
  const isSame = withdrawal?.cause === 'cancel' && withdrawal.command === command
  if (state.phase === 'canceled') return only({ result: isSame ? 'canceled' : 'other_command' })
  // Refused: it came to be final before its slot was closed.
  const isRefused = withdrawal?.cause === 'cancel' && withdrawal.answer === 'refused'
  if (isEnded(state) || isRefused) return only({ result: 'too_late' })
  if (withdrawal?.answer === 'awaited' && withdrawal.cause === 'cancel') {
    if (!isSame) return only({ result: 'other_command' })
    return { ...only<CancelAnswer>({ result: 'awaited' }), effects: withdrawEffects(state) }
  }
  if (isInBlock(state)) return only({ result: 'too_late' })
  return withdraw(state, 'cancel', command)
}

export type WithdrawAnswer =
  /** `isTaken`: the transfer has this in its log, and has not to ask. */
  | { readonly result: 'withdrawn'; readonly isTaken?: true | undefined }
  /** The signer's log is damaged: it cannot say. The wish stays. */
  | { readonly result: 'fenced' }
  /** `nonce` null: others have it to bring. */
  | { readonly result: 'in_slot'; readonly nonce: number | null }

/** The signer answered. Nothing to do when news of the same has come first. */
export function withdrawn(state: TransferState, generation: number, answer: WithdrawAnswer): Decision<null> {
  if (state.phase === 'none' || isEnded(state) || state.withdrawal?.answer !== 'awaited') return only(null)
  if (answer.result === 'fenced') return only(null)
  // A late answer about a slot that is gone says nothing about the admission that came after it.
  if (generation !== state.generation) return only(null)
  const { cause } = state.withdrawal
  if (answer.result === 'withdrawn') {
    // A signer that gives back what it had told to be in a slot has lost its log: only the chain can say.
    if (isInSlot(state)) return only(null)
    return {
      answer: null,
      records: [endOfWish(cause)],
      effects: cause === 'rebind' ? [{ do: 'enqueue' }] : [],
    }
  }
  // Of a canceled one the slot's end tells; a deadline is over once there is a slot.
  const isOver = cause !== 'cancel'
  return {
    answer: null,
    records: isOver ? [{ kind: 'withdraw_refused', nonce: answer.nonce }] : [],
    effects: [],
  }
}

/**
 * A signer's report. `acknowledged`: the end of the step is in our log, the signer may forget it. `heardView`: of the
 * newest report of this generation, which may have brought nothing to write down.
 */
export function report(
  state: TransferState,
  news: StepReport,
  defaultConfirmations: number,
  heardView = 0,
): Decision<{ readonly acknowledged: boolean }> {
  if (state.phase === 'none') return only({ acknowledged: false })
  const isNewest = news.view >= Math.max(state.seen_view, heardView)
  // Nothing undoes an end that a signer told as its log stood before its witness, were it shorter since (T4).
  const isLasting = isEndOfStep(news) && news.view > 0
  const isCurrent = news.generation === state.generation && (isNewest || isLasting)
  const records = isCurrent && !isEnded(state) ? settle(state, news, defaultConfirmations) : []
  // Not before the end is in the log: what the signer forgets, nobody could tell again.
  const isWritten = isEnded(state) || news.generation < state.generation || records.length > 0
  const isEnd = isEndOfStep(news) && isWritten
  const last = records.at(-1)?.kind
  const reopened = last === 'closed' || last === 'retried' || last === 'unbound'
  return { answer: { acknowledged: isEnd }, records, effects: reopened ? [{ do: 'enqueue' }] : [] }
}

/** Blocks on top of the inclusion, the mined one included; null: that block is not in the chain that the node follows. */
export function measured(state: TransferState, needed: number, confirmations: number | null): Decision<null> {
  const isDue = state.phase === 'mined' && state.inclusion.outcome === 'success'
  if (!isDue || confirmations === null || confirmations < needed) return only(null)
  return { answer: null, records: [{ kind: 'confirmed', confirmations }], effects: [] }
}

/** A wake without news: go on from wherever the log ends. Each row is what a lost message or a crash leaves behind. */
export function wake(
  state: TransferState,
  now: UnixMs,
  defaultConfirmations: number,
  rebindAfterMs = REBIND_AFTER_MS,
): Decision<null> {
  if (state.phase === 'none' || isEnded(state)) return only(null)
  if (state.withdrawal?.answer === 'awaited') {
    // Where it is in a slot by now, only its news says what becomes of it.
    const pulls = 'signer' in state ? [pull(state, state.signer)] : []
    return { ...only(null), effects: [...withdrawEffects(state), ...pulls] }
  }
  switch (state.phase) {
    case 'accepted':
      if (isPastDeadline(state, now)) return { ...only(null), records: expire() }
      return { ...only(null), effects: [{ do: 'enqueue' }] }
    case 'bound':
    case 'queued':
    case 'held':
      // Refused: it is in a slot, and the signer's report will say so.
      if (isPastDeadline(state, now) && state.withdrawal === null) {
        return { ...withdraw(state, 'deadline', null), answer: null }
      }
      if (isToBeRebound(state, now, rebindAfterMs)) {
        return { ...withdraw(state, 'rebind', null), answer: null }
      }
      // Bound and never admitted, or admitted and silent: the report tells, and the queue admits again if need be.
      return {
        ...only(null),
        effects: [...hastenEffects(state), pull(state, state.signer), { do: 'enqueue' }],
      }
    case 'signed':
    case 'broadcast':
    case 'unclear':
    case 'confirmed':
      return { ...only(null), effects: [...hastenEffects(state), pull(state, state.signer)] }
    case 'mined': {
      const needed = neededConfirmations(state, defaultConfirmations)
      return { ...only(null), effects: [pull(state, state.signer), { do: 'measure', needed }] }
    }
    default:
      return assertNever(state)
  }
}

function withdraw(
  state: Extract<
    ExistingTransfer,
    { phase: 'accepted' | 'bound' | 'queued' | 'held' | 'signed' | 'broadcast' | 'unclear' }
  >,
  cause: WithdrawCause,
  command: string | null,
): Decision<CancelAnswer> {
  const intent: TransferRecord = { kind: 'withdraw_requested', cause, command }
  if (state.phase === 'accepted') {
    return { answer: { result: 'canceled' }, records: [intent, { kind: 'canceled' }], effects: [] }
  }
  const key = { transfer: state.id, step: 0, generation: state.generation }
  const effects: TransferEffect[] = [{ do: 'withdraw', signer: state.signer, key, cause }]
  return { answer: { result: 'awaited' }, records: [intent], effects }
}

function withdrawEffects(state: ExistingTransfer): readonly TransferEffect[] {
  const { withdrawal } = state
  if (!('signer' in state) || withdrawal === null) return []
  const key = { transfer: state.id, step: 0, generation: state.generation }
  return [{ do: 'withdraw', signer: state.signer, key, cause: withdrawal.cause }]
}

function expire(): readonly TransferRecord[] {
  return [{ kind: 'withdraw_requested', cause: 'deadline', command: null }, { kind: 'expired' }]
}

function pull(state: ExistingTransfer, signer: Address): TransferEffect {
  return { do: 'pull', signer, key: { transfer: state.id, step: 0, generation: state.generation } }
}

function isPastDeadline(state: ExistingTransfer, now: UnixMs): boolean {
  return state.request.deadline !== null && state.request.deadline <= now
}

function isEnded(
  state: ExistingTransfer,
): state is Extract<ExistingTransfer, { phase: 'finalized' | 'failed' | 'expired' | 'canceled' }> {
  return state.phase !== 'bound' && isFinal(state.phase)
}

function isInSlot(
  state: ExistingTransfer,
): state is Extract<ExistingTransfer, { phase: 'signed' | 'broadcast' | 'unclear' | 'mined' | 'confirmed' }> {
  return 'slot' in state
}

function isInBlock(
  state: ExistingTransfer,
): state is Extract<ExistingTransfer, { phase: 'mined' | 'confirmed' }> {
  return state.phase === 'mined' || state.phase === 'confirmed'
}

function isEndOfStep(news: StepReport): boolean {
  const { standing } = news
  if (standing.at === 'slot') return standing.final
  return standing.at === 'withdrawn' || standing.at === 'rejected' || standing.at === 'closed'
}

function only<Answer>(answer: Answer): Decision<Answer> {
  return { answer, records: [], effects: [] }
}
