// Arbitrary records of the three logs, one arbitrary for each kind. A kind without one does not compile.

import fc from 'fast-check'
import { BROADCAST_CLASSES } from '../../src/shared/broadcast/outcome.ts'
import { type ChainRecord, FENCE_REASONS } from '../../src/shared/chain/records.ts'
import { CAP_OWNERS } from '../../src/shared/fees/fee-caps.ts'
import type { SignerRecord } from '../../src/shared/signer/state/records.ts'
import type { TransferRecord } from '../../src/shared/transfer/records.ts'
import { FAILURES, HOLD_REASONS } from '../../src/shared/transfer/status.ts'
import { STEP_OUTCOMES } from '../../src/shared/transfer/step-report.ts'
import {
  action,
  address,
  attemptSummary,
  blockHash,
  chain,
  count,
  hex,
  request,
  stepInclusion,
  stepKey,
  tenant,
  text,
  time,
  transfer,
  txHash,
  uint256,
} from './arbitraries.ts'

type ByKind<Entry extends { readonly kind: string }> = {
  readonly [Kind in Entry['kind']]: fc.Arbitrary<Extract<Entry, { readonly kind: Kind }>>
}

const kind = <const Kind extends string>(name: Kind) => fc.constant(name)
const failure = fc.constantFrom(...FAILURES)
const holdReason = fc.constantFrom(...HOLD_REASONS)
const bid = { gas_limit: uint256, max_fee_per_gas: uint256, max_priority_fee_per_gas: uint256 }
const blockInclusion = fc.record({
  hash: txHash,
  block_number: count,
  block_hash: blockHash,
  gas_used: uint256,
  fee_paid: uint256,
})
const feeCap = fc.record({ by: fc.constantFrom(...CAP_OWNERS), most: uint256 })
const stepKeys = fc.array(stepKey, { minLength: 1, maxLength: 3 })

export const transferRecords: ByKind<TransferRecord> = {
  accepted: fc.record({ kind: kind('accepted'), transfer, tenant, fingerprint: text(), request }),
  bound: fc.record({ kind: kind('bound'), generation: count, signer: address }),
  queued: fc.record({ kind: kind('queued') }),
  held: fc.record(
    { kind: kind('held'), reason: holdReason, cap: feeCap },
    { requiredKeys: ['kind', 'reason'] },
  ),
  signed: fc.record(
    { kind: kind('signed'), nonce: count, attempt: attemptSummary, number: uint256 },
    { requiredKeys: ['kind', 'nonce', 'attempt'] },
  ),
  capped: fc.record({ kind: kind('capped'), cap: fc.option(feeCap) }),
  carried: fc.record({ kind: kind('carried'), number: uint256 }),
  broadcast: fc.record({ kind: kind('broadcast'), hash: txHash }),
  unclear: fc.record({ kind: kind('unclear'), hash: txHash }),
  mined: fc.record({ kind: kind('mined'), inclusion: stepInclusion }),
  orphaned: fc.record({ kind: kind('orphaned'), inclusion: stepInclusion }),
  confirmed: fc.record({ kind: kind('confirmed'), confirmations: count }),
  finalized: fc.record({ kind: kind('finalized'), inclusion: stepInclusion }),
  failed: fc.record({ kind: kind('failed'), failure, inclusion: fc.option(stepInclusion) }),
  retried: fc.record({ kind: kind('retried'), inclusion: stepInclusion }),
  closed: fc.record({ kind: kind('closed'), nonce: fc.option(count), by: fc.option(txHash) }),
  unbound: fc.record({ kind: kind('unbound') }),
  speed_up_requested: fc.record({ kind: kind('speed_up_requested'), command: text() }),
  withdraw_requested: fc.record({
    kind: kind('withdraw_requested'),
    cause: fc.constantFrom('cancel', 'deadline', 'rebind'),
    command: fc.option(text()),
  }),
  withdraw_refused: fc.record({ kind: kind('withdraw_refused'), nonce: fc.option(count) }),
  expired: fc.record({ kind: kind('expired') }),
  canceled: fc.record({ kind: kind('canceled') }),
}

const numberedStep = { key: stepKey, number: uint256, gas: count }
const except = fc.array(
  fc.record({
    place: count,
    outcome: fc.constantFrom(...STEP_OUTCOMES, 'not_run'),
    delivered_amount: fc.option(uint256),
  }),
  { maxLength: 3 },
)

export const signerRecords: ByKind<SignerRecord> = {
  opened: fc.record({ kind: kind('opened'), tenant, chain, address }),
  made_private: fc.record({ kind: kind('made_private') }),
  adopted: fc.record({ kind: kind('adopted'), nonce: count }),
  admitted: fc.record(
    {
      kind: kind('admitted'),
      key: stepKey,
      action,
      not_before: fc.option(time),
      max_fee_per_gas: fc.option(uint256),
      batch: kind('never'),
      speed: fc.constantFrom('economy', 'fast'),
      deadline: time,
      carriage_gas: uint256,
    },
    { requiredKeys: ['kind', 'key', 'action', 'not_before', 'max_fee_per_gas'] },
  ),
  held: fc.record(
    { kind: kind('held'), key: stepKey, reason: holdReason, cap: feeCap },
    { requiredKeys: ['kind', 'key', 'reason'] },
  ),
  doubted: fc.record({ kind: kind('doubted'), key: stepKey, block_number: count }),
  rejected: fc.record({ kind: kind('rejected'), key: stepKey, failure }),
  withdrawn: fc.record({ kind: kind('withdrawn'), key: stepKey }),
  hastened: fc.record({ kind: kind('hastened'), key: stepKey, command: text() }),
  reserved: fc.record(
    { kind: kind('reserved'), nonce: count, key: stepKey, ...bid, untried: fc.constant(true as const) },
    { requiredKeys: ['kind', 'nonce', 'key', 'gas_limit', 'max_fee_per_gas', 'max_priority_fee_per_gas'] },
  ),
  batched: fc.record({
    kind: kind('batched'),
    nonce: count,
    batch: hex,
    steps: fc.array(
      fc.record(
        { ...numberedStep, untried: fc.constant(true as const) },
        { requiredKeys: ['key', 'number', 'gas'] },
      ),
      { minLength: 1, maxLength: 3 },
    ),
    ...bid,
  }),
  delegating: fc.record({ kind: kind('delegating'), nonce: count, to: address, ...bid }),
  delegation_asked: fc.record({
    kind: kind('delegation_asked'),
    to: address,
    command: fc.string({ minLength: 1 }),
  }),
  delegation_met: fc.record({ kind: kind('delegation_met') }),
  capped: fc.record({ kind: kind('capped'), nonce: count, cap: fc.option(feeCap) }),
  replacing: fc.record({ kind: kind('replacing'), nonce: count, steps: stepKeys, ...bid }),
  filling: fc.record({ kind: kind('filling'), nonce: count, ...bid }),
  released: fc.record({ kind: kind('released'), nonce: count }),
  recalled: fc.record({ kind: kind('recalled'), key: stepKey }),
  given_up: fc.record({ kind: kind('given_up'), nonce: count }),
  included: fc.record({
    kind: kind('included'),
    nonce: count,
    inclusion: blockInclusion,
    except,
    view: count,
  }),
  closing: fc.record({
    kind: kind('closing'),
    nonce: count,
    batch: hex,
    closes: fc.array(fc.record({ batch: hex, key: stepKey, number: uint256 }), {
      minLength: 1,
      maxLength: 3,
    }),
    ...bid,
  }),
  entrusted: fc.record({
    kind: kind('entrusted'),
    batch: hex,
    carrier: address,
    valid_until: count,
    gas_limit: uint256,
    steps: fc.array(fc.record(numberedStep), { minLength: 1, maxLength: 3 }),
  }),
  authorized: fc.record({ kind: kind('authorized'), batch: hex, signature: hex }),
  brought: fc.record({
    kind: kind('brought'),
    batch: hex,
    inclusion: blockInclusion,
    except,
    view: count,
  }),
  unbrought: fc.record({ kind: kind('unbrought'), batch: hex, view: count }),
  delivered: fc.record({ kind: kind('delivered'), batch: hex, view: count }),
  annulled: fc.record({ kind: kind('annulled'), batch: hex, keys: stepKeys, by: fc.option(txHash) }),
  settled: fc.record({ kind: kind('settled'), nonce: count, view: count }),
  signed: fc.record({
    kind: kind('signed'),
    nonce: count,
    attempt: attemptSummary,
    steps: stepKeys,
    raw: hex,
  }),
  sent: fc.record({
    kind: kind('sent'),
    nonce: count,
    hash: txHash,
    class: fc.constantFrom(...BROADCAST_CLASSES),
    endpoint: text(),
    detail: fc.option(text()),
  }),
  mined: fc.record({ kind: kind('mined'), nonce: count, inclusion: stepInclusion, view: count }),
  orphaned: fc.record({ kind: kind('orphaned'), nonce: count, view: count }),
  usurped: fc.record({ kind: kind('usurped'), nonce: count, hash: txHash, view: count }),
  finalized: fc.record({ kind: kind('finalized'), nonce: count, inclusion: stepInclusion, view: count }),
  closed: fc.record({ kind: kind('closed'), nonce: count, hash: txHash, view: count }),
  skipped: fc.record({ kind: kind('skipped'), nonce: count, view: fc.option(count) }),
  acknowledged: fc.record({ kind: kind('acknowledged'), keys: stepKeys }),
  forgotten: fc.record({ kind: kind('forgotten'), keys: stepKeys }),
}

const blockRef = fc.record({ number: count, hash: blockHash })
const linkedBlock = fc.record(
  { number: count, hash: blockHash, parent_hash: blockHash, at: time },
  { requiredKeys: ['number', 'hash', 'parent_hash'] },
)
const receipt = fc.record({
  hash: txHash,
  block_number: count,
  block_hash: blockHash,
  status: fc.constantFrom('success', 'reverted'),
  gas_used: uint256,
  effective_gas_price: uint256,
  logs: fc.array(fc.record({ address, topics: fc.array(hex, { maxLength: 4 }), data: hex }), {
    maxLength: 2,
  }),
})
const inclusion = fc.record(
  { nonce: count, to: fc.option(address), value: uint256, by: address, receipt },
  { requiredKeys: ['nonce', 'to', 'value', 'receipt'] },
)

export const chainRecords: ByKind<ChainRecord> = {
  opened: fc.record({ kind: kind('opened'), chain }),
  identified: fc.record({ kind: kind('identified'), genesis: blockHash }),
  watched: fc.record({ kind: kind('watched'), address, tenant }),
  unwatched: fc.record({ kind: kind('unwatched'), address }),
  started: fc.record({ kind: kind('started'), block: linkedBlock }),
  advanced: fc.record({
    kind: kind('advanced'),
    removed: fc.array(blockRef, { maxLength: 3 }),
    added: fc.array(linkedBlock, { maxLength: 3 }),
    matches: fc.array(fc.record({ address, inclusion }), { maxLength: 2 }),
  }),
  finalized: fc.record({ kind: kind('finalized'), block: blockRef }),
  settled: fc.record(
    { kind: kind('settled'), address, below: count, through: count },
    { requiredKeys: ['kind', 'address', 'below'] },
  ),
  unfenced: fc.record({ kind: kind('unfenced') }),
  witnessed: fc.record({
    kind: kind('witnessed'),
    address,
    incarnation: count,
    seq: count,
    digest: fc.string(),
  }),
  fenced: fc.record({ kind: kind('fenced'), reason: fc.constantFrom(...FENCE_REASONS), at: blockRef }),
}
