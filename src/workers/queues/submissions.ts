// The `submissions` consumer: from "there is a transfer" to "its bytes are with a node". It only makes that fast. Every
// step of it is idempotent and recorded by the objects, so a message may come twice, late or never, and a crash at any
// point leaves work that the objects' own alarms take up.

import { z } from 'zod'
import type { LogLevel } from '../../shared/adapters/json-log.ts'
import type { ChainId } from '../../shared/chain/chain-id.ts'
import type { UnixMs } from '../../shared/lib/time.ts'
import type { ActorNamespace } from '../../shared/ports/namespace.ts'
import { signerObjectName } from '../../shared/ports/namespace.ts'
import type { SignerActor, SignerName } from '../../shared/ports/signer-actor.ts'
import type { TransferActor } from '../../shared/ports/transfer-actor.ts'
import { submissionMessage } from '../../shared/schema/queue-messages.ts'
import type { Admission } from '../../shared/signer/admission.ts'
import type { AttemptOutcome, SignedAttempt } from '../../shared/signer/attempt.ts'
import type { BindAnswer } from '../../shared/transfer/decide.ts'
import { mapBounded } from '../map-bounded.ts'
import type { QueueBatch, QueueMessage } from './batch.ts'

export type SubmissionsDeps = {
  readonly now: () => UnixMs
  readonly transfers: ActorNamespace<Pick<TransferActor, 'bind'>>
  readonly signers: ActorNamespace<Pick<SignerActor, 'admit' | 'outcomes'>>
  /** Once each and in nonce order, to the endpoints of this chain. */
  readonly broadcast: (
    chain: ChainId,
    attempts: readonly SignedAttempt[],
  ) => Promise<readonly AttemptOutcome[]>
  readonly log: (level: LogLevel, event: string, fields: Readonly<Record<string, unknown>>) => void
}

/** Calls to objects under way at once: far below what an invocation may have open. */
const BINDS_AT_ONCE = 50
/** Seconds until a message that could not be served comes again; the objects' alarms are there in the meantime. */
const RETRY_DELAY_SECONDS = 5

type Bound = { readonly message: QueueMessage; readonly signer: SignerName; readonly admission: Admission }

export async function consumeSubmissions(batch: QueueBatch, deps: SubmissionsDeps): Promise<void> {
  const bound: Bound[] = []
  await mapBounded(batch.messages, BINDS_AT_ONCE, async (message) => {
    const one = await bind(message, deps)
    if (one !== null) bound.push(one)
  })
  const groups = Map.groupBy(bound, ({ signer }) => signerObjectName(signer.chain, signer.address))
  await Promise.all([...groups].map(([name, group]) => submit(name, group, deps)))
}

async function bind(message: QueueMessage, deps: SubmissionsDeps): Promise<Bound | null> {
  const parsed = submissionMessage.safeParse(message.body)
  if (!parsed.success) {
    // Nothing will ever understand it: it goes to the dead letters, where it is kept.
    deps.log('error', 'submission.unreadable', { message: message.id, issues: z.prettifyError(parsed.error) })
    message.retry()
    return null
  }
  try {
    const answer = await deps.transfers.getByName(parsed.data.transfer).bind()
    if (answer.result === 'bound') return admissionOf(message, answer, deps.now())
    message.ack()
  } catch (error) {
    deps.log('warn', 'submission.bind_failed', { transfer: parsed.data.transfer, error })
    message.retry({ delaySeconds: RETRY_DELAY_SECONDS })
  }
  return null
}

function admissionOf(
  message: QueueMessage,
  answer: Extract<BindAnswer, { result: 'bound' }>,
  boundAt: UnixMs,
): Bound {
  const { signer, tenant, key, request } = answer
  const { chain, action, not_before, max_fee_per_gas, batch, speed, deadline } = request
  return {
    message,
    signer: { chain, address: signer, tenant },
    admission: { key, action, not_before, max_fee_per_gas, batch, speed, deadline, bound_at: boundAt },
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
    const outcomes = await deps.broadcast(signer.chain, attempts)
    await deps.signers.getByName(name).outcomes(outcomes)
  } catch (error) {
    deps.log('warn', 'submission.failed', { signer: name, error })
    // The first verdict on a message counts: what was acknowledged stays so.
    for (const { message } of group) message.retry({ delaySeconds: RETRY_DELAY_SECONDS })
  }
}
