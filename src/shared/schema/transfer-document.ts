// A transfer as answers, lists and the read model show it.

import { z } from 'zod'
import { CAP_OWNERS, type Cap } from '../fees/fee-caps.ts'
import { toRfc3339 } from '../lib/time.ts'
import { neededConfirmations } from '../transfer/confirmations.ts'
import { type ExistingTransfer, statusOf, statusReasonOf } from '../transfer/state.ts'
import { STEP_OUTCOMES, type StepInclusion } from '../transfer/step-report.ts'
import type { WalHead } from '../wal/group.ts'
import {
  address,
  blockHash,
  chainId,
  count,
  sender,
  status,
  time,
  transferId,
  txHash,
  uint256,
} from './scalars.ts'
import { attemptSummary } from './step-report.ts'
import { action, transferRequest } from './transfer-request.ts'

export const stepDocument = z.strictObject({
  index: count,
  number: count.nullable().describe('Its number at the batch executor; null: not batched.'),
  action,
  status,
  outcome: z
    .enum(STEP_OUTCOMES)
    .nullable()
    .describe('What the mined transaction did, by its evidence; null: not mined.'),
  signer: address.nullable().describe('The account that signs for it; null: none was bound yet.'),
  generation: count.describe('How often it was admitted anew.'),
  nonce: count
    .nullable()
    .describe('Of the account that signs; null: none yet, or another account brings it.'),
  hash: txHash.nullable().describe('Of the mined transaction, else of the last attempt.'),
  block_number: count.nullable(),
  block_hash: blockHash.nullable(),
  delivered_amount: uint256.nullable().describe('What arrived: less than asked where a token takes a fee.'),
  gas_used: uint256.nullable(),
  fee_paid: uint256.nullable().describe('Wei.'),
  attempts: z
    .array(attemptSummary)
    .describe(
      'Signed transactions for the nonce; one of them is mined at most. None where another account brings it.',
    ),
})

export const transferDocument = z.strictObject({
  id: transferId,
  status,
  status_reason: z
    .string()
    .nullable()
    .describe('Why it waits, failed, or what the block says before it is final.'),
  fee_cap: z
    .strictObject({
      by: z.enum(CAP_OWNERS).describe("Whose cap it is: the transfer's own, its signer's or its chain's."),
      max_fee_per_gas: uint256,
    })
    .optional()
    .describe(
      'The cap that keeps it, or better bytes than those that are out, while `status_reason` is `fee_cap`. It goes on when the market is below.',
    ),
  seq: count.describe('Position of the last record of its log.'),
  head: z.string().describe('Digest of the log after `seq`: what a verified log must end in.'),
  chain: chainId,
  from: sender.describe('As it was asked for; the account that signs is the `signer` of the step.'),
  action,
  speed: transferRequest.shape.speed.unwrap(),
  visibility: z
    .literal('private')
    .optional()
    .describe('private: only private endpoints see it before it is in a block. Left out: it is public.'),
  confirmations_needed: count.describe('Blocks, the mined one included, until it is `confirmed`.'),
  steps: z.array(stepDocument),
  created_at: time,
  updated_at: time,
  not_before: time.nullable(),
  deadline: time.nullable(),
  max_fee_per_gas: uint256.nullable(),
  reference: z.string().nullable(),
  tags: z.array(z.string()),
  links: z.strictObject({ self: z.string(), history: z.string(), wal: z.string(), live: z.string() }),
})

/** The wire form. */
export type TransferDocument = z.input<typeof transferDocument>

const FENCED = { status: 'held', status_reason: 'fenced' } as const

/** Depends on the log alone, so that the read model can hold it and a replay gives it again. */
export function toTransferDocument(
  state: ExistingTransfer,
  head: WalHead,
  defaultConfirmations: number,
  isFenced = false,
): TransferDocument {
  const { request } = state
  // Where the log is damaged, what it says last may not be the last that happened.
  const shown = isFenced ? FENCED : { status: statusOf(state), status_reason: statusReasonOf(state) }
  const self = `/v1/transfers/${state.id}`
  return {
    id: state.id,
    ...shown,
    ...toFeeCap(isFenced ? null : state),
    seq: head.seq,
    head: head.digest,
    chain: request.chain,
    from: z.encode(sender, request.from),
    action: z.encode(action, request.action),
    speed: request.speed,
    ...(request.visibility === 'private' ? { visibility: request.visibility } : {}),
    confirmations_needed: neededConfirmations(state, defaultConfirmations),
    steps: [toStepDocument(state)],
    created_at: toRfc3339(state.created_at),
    updated_at: toRfc3339(state.updated_at),
    not_before: request.not_before === null ? null : toRfc3339(request.not_before),
    deadline: request.deadline === null ? null : toRfc3339(request.deadline),
    max_fee_per_gas: request.max_fee_per_gas?.toString() ?? null,
    reference: request.reference,
    tags: [...request.tags],
    links: { self, history: `${self}/history`, wal: `${self}/wal`, live: `${self}/live` },
  }
}

/** Left out where there is none, so that consumers of before understand all other documents. */
function toFeeCap(state: ExistingTransfer | null): Pick<TransferDocument, 'fee_cap'> {
  const cap = state === null ? null : capOf(state)
  return cap === null ? {} : { fee_cap: { by: cap.by, max_fee_per_gas: cap.most.toString() } }
}

function capOf(state: ExistingTransfer): Cap | null {
  if (state.phase === 'held') return state.cap ?? null
  return 'slot' in state ? (state.slot?.cap ?? null) : null
}

function toStepDocument(state: ExistingTransfer): z.input<typeof stepDocument> {
  const slot = 'slot' in state ? state.slot : null
  const inclusion = 'inclusion' in state ? state.inclusion : null
  return {
    index: 0,
    number: slot?.number == null ? null : Number(slot.number),
    action: z.encode(action, state.request.action),
    status: statusOf(state),
    signer: 'signer' in state ? z.encode(address, state.signer) : null,
    generation: state.generation,
    nonce: slot?.nonce ?? null,
    ...toOutcome(inclusion),
    hash: inclusion?.hash ?? slot?.attempts.at(-1)?.hash ?? null,
    attempts: (slot?.attempts ?? []).map((attempt) => z.encode(attemptSummary, attempt)),
  }
}

function toOutcome(inclusion: StepInclusion | null) {
  return {
    outcome: inclusion?.outcome ?? null,
    block_number: inclusion?.block_number ?? null,
    block_hash: inclusion?.block_hash ?? null,
    delivered_amount: inclusion?.delivered_amount?.toString() ?? null,
    gas_used: inclusion?.gas_used.toString() ?? null,
    fee_paid: inclusion?.fee_paid.toString() ?? null,
  }
}
