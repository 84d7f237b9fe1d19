// A submission within the request that posted the transfer: what its message would have brought about, without the queue.
// Nothing is surer or less sure by it: each step is recorded by its object before the next one, what is broken off goes onto
// the queue, and what is lost the transfer's alarm takes up.

import { carryOutboxes } from '../../shared/adapters/carry-outboxes.ts'
import { assert } from '../../shared/lib/assert.ts'
import { type ActorNamespace, signerObjectName } from '../../shared/ports/namespace.ts'
import type { SignerActor } from '../../shared/ports/signer-actor.ts'
import type { TransferActor } from '../../shared/ports/transfer-actor.ts'
import { outboxIn, type SubmissionMessage, submissionMessage } from '../../shared/schema/queue-messages.ts'
import type { TransferDocument } from '../../shared/schema/transfer-document.ts'
import type { QueueBatch, QueueMessage } from './batch.ts'
import { consumeSubmissions } from './submissions.ts'
import { type SubmissionsEnv, submissionsDeps } from './submissions-deps.ts'

export type SubmitEnv = Omit<SubmissionsEnv, 'TRANSFER' | 'SIGNER'> & {
  readonly SUBMISSIONS: { send(message: SubmissionMessage): Promise<unknown> }
  readonly TRANSFER: ActorNamespace<Pick<TransferActor, 'bind' | 'acknowledgeProjection' | 'hear'>>
  readonly SIGNER: ActorNamespace<Pick<SignerActor, 'admit' | 'outcomes' | 'load' | 'report'>>
}

/** The transfer as its signer has it then; null: it went onto the queue. */
export async function submitAtOnce(
  env: SubmitEnv,
  message: SubmissionMessage,
): Promise<TransferDocument | null> {
  const { transfer, agreement } = submissionMessage.parse(message)
  assert(agreement !== undefined, 'who is asked at once has agreed')
  if (!(await isTaken(env, message))) {
    await env.SUBMISSIONS.send({ v: message.v, transfer: message.transfer })
    return null
  }
  const { tenant, signer, generation, request } = agreement
  const name = { tenant, chain: request.chain, address: signer }
  const key = { transfer, step: 0, generation }
  const news = await env.SIGNER.getByName(signerObjectName(name.chain, signer)).report(name, key)
  const { outbox } = await env.TRANSFER.getByName(transfer).hear(news)
  if (outbox === null) return null
  await carryOutboxes(env.EVENTS, [outbox])
  return outboxIn(outbox).row.document
}

/** As the queue would have it: a verdict on one message. */
async function isTaken(env: SubmitEnv, body: SubmissionMessage): Promise<boolean> {
  let isAgain = false
  const message: QueueMessage = {
    id: body.transfer,
    body,
    attempts: 1,
    ack: () => {},
    retry: () => {
      isAgain = true
    },
  }
  const batch: QueueBatch = { messages: [message], ackAll: () => {} }
  await consumeSubmissions(batch, submissionsDeps(env))
  return !isAgain
}
