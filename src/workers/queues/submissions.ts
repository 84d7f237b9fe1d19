// The `submissions` consumer: from "there is a transfer" to "its bytes are with a node". It only makes that fast. Every
// step of it is idempotent and recorded by the objects, so a message may come twice, late or never, and a crash at any
// point leaves work that the objects' own alarms take up.

import { z } from 'zod'
import type { ShownTransfer } from '../../shared/adapters/d1/shown-transfers.ts'
import { mapBounded } from '../../shared/adapters/map-bounded.ts'
import type { Address } from '../../shared/chain/address.ts'
import { assertNever } from '../../shared/lib/assert.ts'
import { type UnixMs, unixMs } from '../../shared/lib/time.ts'
import type { ActorNamespace } from '../../shared/ports/namespace.ts'
import { signerObjectName } from '../../shared/ports/namespace.ts'
import type { SignerActor, SignerName } from '../../shared/ports/signer-actor.ts'
import type { TransferActor } from '../../shared/ports/transfer-actor.ts'
import { type Agreement, submissionMessage } from '../../shared/schema/queue-messages.ts'
import type { Admission } from '../../shared/signer/admission.ts'
import type { AttemptOutcome, SignedAttempt } from '../../shared/signer/state/attempt.ts'
import type { BindAnswer } from '../../shared/transfer/decide.ts'
import type { TransferId } from '../../shared/transfer/transfer-id.ts'
import type { QueueBatch, QueueMessage } from './batch.ts'
import { chooseSigners, type PoolDeps, type Unbound } from './pool-choice.ts'

export type SubmissionsDeps = PoolDeps & {
  readonly transfers: ActorNamespace<Pick<TransferActor, 'bind' | 'acknowledgeProjection'>>
  /** How far the read model has seen these; those that it has not heard of are left out. */
  readonly shown: (transfers: readonly TransferId[]) => Promise<readonly ShownTransfer[]>
  readonly signers: ActorNamespace<Pick<SignerActor, 'admit' | 'outcomes'>>
  /** What transfers have to tell, onto the queue `events`. Lost, their alarms tell it. */
  readonly carry: (outboxes: readonly string[]) => Promise<void>
  /** In nonce order, to the endpoints of its chain. */
  readonly broadcast: (
    signer: SignerName,
    attempts: readonly SignedAttempt[],
  ) => Promise<readonly AttemptOutcome[]>
}

/** Calls to objects under way at once: far below what an invocation may have open. */
const BINDS_AT_ONCE = 50
/** Seconds until a message that could not be served comes again; the objects' alarms are there in the meantime. */
const RETRY_DELAY_SECONDS = 5

type Submission = {
  readonly message: QueueMessage
  readonly transfer: TransferId
  readonly agreement: Agreement | null
  readonly outbox: string | null
}
type Waiting = Unbound & { readonly message: QueueMessage }
type Bound = { readonly message: QueueMessage; readonly signer: SignerName; readonly admission: Admission }

export async function consumeSubmissions(batch: QueueBatch, deps: SubmissionsDeps): Promise<void> {
  const bound: Bound[] = []
  const waiting: Waiting[] = []
  const submissions = batch.messages.flatMap((message) => submissionIn(message, deps))
  const carrying = carry(submissions, deps)
  await mapBounded(submissions, BINDS_AT_ONCE, async ({ message, transfer, agreement }) => {
    const agreed = agreement === null ? null : agreedIn(message, transfer, agreement, deps.now())
    const one = agreed ?? (await bind(message, transfer, null, deps))
    if (one === null) return
    if ('admission' in one) bound.push(one)
    else waiting.push(one)
  })
  const submitting = submitAll(bound, deps)
  // What names its signer does not wait until one is chosen for the others.
  if (waiting.length > 0) await submitAll(await bindToChosen(waiting, deps), deps)
  await submitting
  await carrying
}

async function carry(submissions: readonly Submission[], deps: SubmissionsDeps): Promise<void> {
  const outboxes = submissions.flatMap(({ outbox }) => (outbox === null ? [] : [outbox]))
  if (outboxes.length === 0) return
  try {
    await deps.carry(outboxes)
  } catch (error) {
    deps.log('warn', 'submission.not_carried', { outboxes: outboxes.length, error })
  }
}

async function submitAll(bound: readonly Bound[], deps: SubmissionsDeps): Promise<void> {
  const groups = Map.groupBy(bound, ({ signer }) => signerObjectName(signer.chain, signer.address))
  await Promise.all([...groups].map(([name, group]) => submit(name, group, deps)))
}

function submissionIn(message: QueueMessage, { log }: SubmissionsDeps): readonly Submission[] {
  const parsed = submissionMessage.safeParse(message.body)
  if (parsed.success) {
    const { transfer, agreement = null, outbox = null } = parsed.data
    // Who took it along the first time has done so, or the transfer's alarm tells it.
    return [{ message, transfer, agreement, outbox: message.attempts > 1 ? null : outbox }]
  }
  // Nothing will ever understand it: it goes to the dead letters, where it is kept.
  log('error', 'submission.unreadable', { message: message.id, issues: z.prettifyError(parsed.error) })
  message.retry()
  return []
}

/**
 * What the transfer agreed to as it sent the message; null: it is asked anew. So it is where a signer did not take that, and
 * where its time may be over.
 */
function agreedIn(
  message: QueueMessage,
  transfer: TransferId,
  { tenant, signer, generation, request, at }: Agreement,
  now: UnixMs,
): Bound | null {
  const isOver = request.deadline !== null && request.deadline <= now
  if (message.attempts > 1 || isOver) return null
  const key = { transfer, step: 0, generation }
  return admissionOf(message, { tenant, signer, key, request }, unixMs(at))
}

/** Null: the message has its verdict. */
async function bind(
  message: QueueMessage,
  transfer: TransferId,
  choice: Address | null,
  deps: SubmissionsDeps,
): Promise<Bound | Waiting | null> {
  try {
    const answer = await deps.transfers.getByName(transfer).bind(choice)
    switch (answer.result) {
      case 'bound':
        return admissionOf(message, answer, deps.now())
      case 'unbound':
        return waitingOf(message, answer)
      case 'refused':
        message.ack()
        return null
      default:
        return assertNever(answer)
    }
  } catch (error) {
    deps.log('warn', 'submission.bind_failed', { transfer, error })
    message.retry({ delaySeconds: RETRY_DELAY_SECONDS })
    return null
  }
}

/** Those that name a pool: chosen here, bound by the transfer, which may have been bound to another one meanwhile. */
async function bindToChosen(waiting: readonly Waiting[], deps: SubmissionsDeps): Promise<readonly Bound[]> {
  const sound = await soundOf(waiting, deps)
  const choices = await chooseSigners(sound, deps)
  const answers = await mapBounded(waiting, BINDS_AT_ONCE, async ({ message, transfer }) => {
    const choice = choices.get(transfer)
    const one = choice === undefined ? null : await bind(message, transfer, choice, deps)
    // Nobody can take it now: the transfer waits, bound to none, and can still be canceled at once.
    if (choice === undefined) message.retry({ delaySeconds: RETRY_DELAY_SECONDS })
    return one !== null && 'admission' in one ? one : null
  })
  return answers.filter((one) => one !== null)
}

/**
 * An old copy of a transfer does not know which signer it was bound to, and must not be bound to another one: told what
 * the read model has seen, it fences itself. Where that cannot be asked nobody is chosen.
 */
async function soundOf(waiting: readonly Waiting[], deps: SubmissionsDeps): Promise<readonly Waiting[]> {
  try {
    const shown = await deps.shown(waiting.map(({ transfer }) => transfer))
    await mapBounded(shown, BINDS_AT_ONCE, ({ id, incarnation, seq }) =>
      deps.transfers.getByName(id).acknowledgeProjection(incarnation, seq),
    )
    return waiting
  } catch (error) {
    deps.log('warn', 'pool.not_compared', { transfers: waiting.length, error })
    return []
  }
}

function waitingOf(message: QueueMessage, answer: Extract<BindAnswer, { result: 'unbound' }>): Waiting {
  const { transfer, tenant, pool, request } = answer
  const { chain, action, visibility } = request
  return { message, transfer, action, visibility, pool: { tenant, chain, pool } }
}

function admissionOf(
  message: QueueMessage,
  answer: Pick<Extract<BindAnswer, { result: 'bound' }>, 'tenant' | 'signer' | 'key' | 'request'>,
  boundAt: UnixMs,
): Bound {
  const { signer, tenant, key, request } = answer
  const { chain, action, not_before, max_fee_per_gas, batch, speed, deadline, visibility } = request
  const wishes = { not_before, max_fee_per_gas, batch, speed, deadline, visibility }
  return {
    message,
    signer: { chain, address: signer, tenant },
    admission: { key, action, ...wishes, bound_at: boundAt },
  }
}

/** All of one signer: admitted and signed together, then broadcast in nonce order. */
async function submit(name: string, group: readonly Bound[], deps: SubmissionsDeps): Promise<void> {
  const [first] = group
  if (first === undefined) return
  const { signer } = first
  try {
    const admissions = group.map(({ admission }) => admission)
    const { answers, attempts } = await deps.signers.getByName(name).admit(signer, admissions)
    for (const [index, { message }] of group.entries()) {
      const answer = answers[index]
      // `full` or `stale`: not now, or only on a fresh agreement of the transfer.
      const isLater = answer === undefined || (answer.result === 'refused' && answer.reason !== 'withdrawn')
      if (isLater) message.retry({ delaySeconds: RETRY_DELAY_SECONDS })
      else message.ack()
    }
    if (attempts.length === 0) return
    const outcomes = await deps.broadcast(signer, attempts)
    await deps.signers.getByName(name).outcomes(outcomes)
  } catch (error) {
    deps.log('warn', 'submission.failed', { signer: name, error })
    // The first verdict on a message counts: what was acknowledged stays so.
    for (const { message } of group) message.retry({ delaySeconds: RETRY_DELAY_SECONDS })
  }
}
