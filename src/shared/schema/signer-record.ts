// Records of a signer's log in their wire form.

import { z } from 'zod'
import { BROADCAST_CLASSES } from '../broadcast/outcome.ts'
import type { SignerRecord } from '../signer/state/records.ts'
import { FAILURES, HOLD_REASONS } from '../transfer/status.ts'
import { STEP_OUTCOMES } from '../transfer/step-report.ts'
import { address, blockHash, chainId, count, hex, tenantId, time, txHash, uint256 } from './scalars.ts'
import { attemptSummary, feeCap, stepInclusion, stepKey } from './step-report.ts'
import { action } from './transfer-request.ts'

const bid = { gas_limit: uint256, max_fee_per_gas: uint256, max_priority_fee_per_gas: uint256 }

const blockInclusion = z.strictObject({
  hash: txHash,
  block_number: count,
  block_hash: blockHash,
  gas_used: uint256,
  fee_paid: uint256,
})

const stepResult = z.strictObject({
  outcome: z.enum([...STEP_OUTCOMES, 'not_run']),
  delivered_amount: uint256.nullable(),
})

const numberedStep = z.strictObject({ key: stepKey, number: uint256, gas: count })

export const signerRecord = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('opened'), tenant: tenantId, chain: chainId, address }),
  z.strictObject({ kind: z.literal('made_private') }),
  z.strictObject({ kind: z.literal('adopted'), nonce: count }),
  z.strictObject({
    kind: z.literal('admitted'),
    key: stepKey,
    action,
    not_before: time.nullable(),
    max_fee_per_gas: uint256.nullable(),
    batch: z.literal('never').optional(),
    speed: z.enum(['economy', 'fast']).optional(),
    deadline: time.optional(),
    carriage_gas: uint256.optional(),
  }),
  z.strictObject({ kind: z.literal('hastened'), key: stepKey, command: z.string() }),
  z.strictObject({
    kind: z.literal('held'),
    key: stepKey,
    reason: z.enum(HOLD_REASONS),
    cap: feeCap.optional(),
  }),
  z.strictObject({ kind: z.literal('doubted'), key: stepKey, block_number: count }),
  z.strictObject({ kind: z.literal('rejected'), key: stepKey, failure: z.enum(FAILURES) }),
  z.strictObject({ kind: z.literal('withdrawn'), key: stepKey }),
  z.strictObject({
    kind: z.literal('reserved'),
    nonce: count,
    key: stepKey,
    ...bid,
    untried: z.literal(true).optional(),
  }),
  z.strictObject({
    kind: z.literal('batched'),
    nonce: count,
    batch: hex,
    steps: z
      .array(numberedStep.extend({ untried: z.literal(true).optional() }))
      .min(1)
      .readonly(),
    ...bid,
  }),
  z.strictObject({ kind: z.literal('delegating'), nonce: count, to: address, ...bid }),
  z.strictObject({ kind: z.literal('delegation_asked'), to: address, command: z.string().min(1) }),
  z.strictObject({ kind: z.literal('delegation_met') }),
  z.strictObject({
    kind: z.literal('closing'),
    nonce: count,
    batch: hex,
    closes: z
      .array(z.strictObject({ batch: hex, key: stepKey, number: uint256 }))
      .min(1)
      .readonly(),
    ...bid,
  }),
  z.strictObject({
    kind: z.literal('entrusted'),
    batch: hex,
    carrier: address,
    valid_until: count,
    gas_limit: uint256,
    steps: z.array(numberedStep).min(1).readonly(),
  }),
  z.strictObject({ kind: z.literal('authorized'), batch: hex, signature: hex }),
  z.strictObject({
    kind: z.literal('brought'),
    batch: hex,
    inclusion: blockInclusion,
    except: z.array(z.strictObject({ place: count, ...stepResult.shape })).readonly(),
    view: count,
  }),
  z.strictObject({ kind: z.literal('unbrought'), batch: hex, view: count }),
  z.strictObject({ kind: z.literal('delivered'), batch: hex, view: count }),
  z.strictObject({
    kind: z.literal('annulled'),
    batch: hex,
    keys: z.array(stepKey).min(1).readonly(),
    by: txHash.nullable(),
  }),
  z.strictObject({ kind: z.literal('capped'), nonce: count, cap: feeCap.nullable() }),
  z.strictObject({ kind: z.literal('replacing'), nonce: count, steps: z.array(stepKey).readonly(), ...bid }),
  z.strictObject({ kind: z.literal('filling'), nonce: count, ...bid }),
  z.strictObject({ kind: z.literal('released'), nonce: count }),
  z.strictObject({ kind: z.literal('recalled'), key: stepKey }),
  z.strictObject({ kind: z.literal('given_up'), nonce: count }),
  z.strictObject({
    kind: z.literal('signed'),
    nonce: count,
    attempt: attemptSummary,
    steps: z.array(stepKey).readonly(),
    raw: hex,
  }),
  z.strictObject({
    kind: z.literal('sent'),
    nonce: count,
    hash: txHash,
    class: z.enum(BROADCAST_CLASSES),
    endpoint: z.string(),
    detail: z.string().nullable(),
  }),
  z.strictObject({ kind: z.literal('mined'), nonce: count, inclusion: stepInclusion, view: count }),
  z.strictObject({
    kind: z.literal('included'),
    nonce: count,
    inclusion: blockInclusion,
    except: z.array(z.strictObject({ place: count, ...stepResult.shape })).readonly(),
    view: count,
  }),
  z.strictObject({ kind: z.literal('settled'), nonce: count, view: count }),
  z.strictObject({ kind: z.literal('orphaned'), nonce: count, view: count }),
  z.strictObject({ kind: z.literal('usurped'), nonce: count, hash: txHash, view: count }),
  z.strictObject({ kind: z.literal('finalized'), nonce: count, inclusion: stepInclusion, view: count }),
  z.strictObject({ kind: z.literal('closed'), nonce: count, hash: txHash, view: count }),
  z.strictObject({ kind: z.literal('skipped'), nonce: count, view: count.nullable() }),
  z.strictObject({ kind: z.literal('acknowledged'), keys: z.array(stepKey).min(1).readonly() }),
  z.strictObject({ kind: z.literal('forgotten'), keys: z.array(stepKey).min(1).readonly() }),
])

signerRecord satisfies z.ZodType<SignerRecord>
