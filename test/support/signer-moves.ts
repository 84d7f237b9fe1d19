// What may happen next to a step that a signer has: every record that is legal in its place.

import type { SignerRecord } from '../../src/shared/signer/state/records.ts'
import { type OpenSlot, stepsOf } from '../../src/shared/signer/state/slot.ts'
import type { SignerState } from '../../src/shared/signer/state/state.ts'
import { HOLD_REASONS } from '../../src/shared/transfer/status.ts'
import {
  STEP_OUTCOMES,
  type StepInclusion,
  type StepKey,
  stepKeyText,
} from '../../src/shared/transfer/step-report.ts'
import { blockHashOf, hexOf, txHashOf } from './domain-values.ts'

const FEES = { gas_limit: 21_000n, max_fee_per_gas: 20n, max_priority_fee_per_gas: 1n }

export type MoveOptions = {
  /** Somebody else may use the key, so that slots are closed. */
  readonly strangers: boolean
  /** Of the chain's facts. */
  readonly view: number
}

export function legalMoves(
  state: SignerState,
  key: StepKey,
  { strangers, view }: MoveOptions,
): readonly SignerRecord[] {
  const text = stepKeyText(key)
  if (state.pool.has(text)) return poolMoves(state, key, view)
  const slot = state.slots.get(state.slotOf.get(text) ?? -1)
  if (slot === undefined) return []
  const taken = strangers ? strangerMoves(slot, view) : []
  return slot.next !== null ? [signed(slot), ...taken] : [...slotMoves(slot, view), ...taken]
}

function poolMoves(state: SignerState, key: StepKey, view: number): readonly SignerRecord[] {
  if (state.nextNonce === null) return [{ kind: 'adopted', nonce: 3 }]
  const goes: SignerRecord = { kind: 'reserved', nonce: state.nextNonce, key, ...FEES }
  const [first, second] = [HOLD_REASONS[view % HOLD_REASONS.length] ?? 'funds', 'funds'] as const
  return [
    ...[first, second].map((reason) => ({ kind: 'held', key, reason }) as const),
    { kind: 'doubted', key, block_number: view },
    // More often than what keeps it from a slot, or few lives would come to their block.
    ...[goes, goes, goes, goes, goes, goes, goes],
    { kind: 'rejected', key, failure: 'would_revert' },
  ]
}

function signed(slot: OpenSlot): SignerRecord {
  const index = slot.attempts.length
  const attempt = { index, hash: txHashOf(1_000 + slot.nonce + 10_000 * index), ...FEES }
  return {
    kind: 'signed',
    nonce: slot.nonce,
    attempt,
    steps: slot.next?.steps ?? [],
    raw: hexOf('0x02'),
  }
}

function slotMoves(slot: OpenSlot, view: number): readonly SignerRecord[] {
  const { nonce } = slot
  const [result] = slot.inclusion?.results ?? []
  if (result?.outcome === 'not_run') {
    return [
      { kind: 'settled', nonce, view },
      { kind: 'orphaned', nonce, view },
    ]
  }
  const inclusion = aloneIn(slot)
  if (inclusion === null) {
    const hash = slot.attempts.at(-1)?.hash ?? txHashOf(0)
    const told = { kind: 'sent', nonce, hash, endpoint: 'one', detail: null } as const
    const blocks = STEP_OUTCOMES.map((outcome) => mined(slot, view, outcome))
    return [
      ...(['accepted', 'unclear', 'invalid', 'nonce_used'] as const).map((name) => ({
        ...told,
        class: name,
      })),
      ...blocks,
      ...blocks,
      ...fillerMoves(slot, view),
    ]
  }
  const finalized: SignerRecord = { kind: 'finalized', nonce, inclusion, view }
  return [finalized, finalized, { kind: 'orphaned', nonce, view }, mined(slot, view, 'success')]
}

/** As its own record had it. */
function aloneIn({ inclusion }: OpenSlot): StepInclusion | null {
  if (inclusion === null) return null
  const { results, ...block } = inclusion
  const [result] = results
  if (result === undefined || result.outcome === 'not_run') throw new Error('a step was run')
  return { ...block, outcome: result.outcome, delivered_amount: result.delivered_amount }
}

/** Bytes that do not run the step, where its transfer wants it back; and their block. */
function fillerMoves(slot: OpenSlot, view: number): readonly SignerRecord[] {
  const { nonce, attempts } = slot
  const [step] = stepsOf(slot)
  const newest = attempts.at(-1)
  if (step?.isRecalled !== true || newest === undefined) return []
  if (newest.steps.length > 0) return [{ kind: 'replacing', nonce, steps: [], ...FEES }]
  const inclusion = { hash: newest.hash, block_number: view, block_hash: blockHashOf(view) }
  const fees = { gas_used: 21_000n, fee_paid: 231_000n }
  const except = [{ place: 0, outcome: 'not_run', delivered_amount: null }] as const
  return [{ kind: 'included', nonce, inclusion: { ...inclusion, ...fees }, except, view }]
}

function strangerMoves(slot: OpenSlot, view: number): readonly SignerRecord[] {
  const hash = txHashOf(9_000 + view)
  const { nonce } = slot
  return [
    { kind: 'usurped', nonce, hash, view },
    { kind: 'closed', nonce, hash, view },
  ]
}

function mined(slot: OpenSlot, view: number, outcome: StepInclusion['outcome']): SignerRecord {
  const inclusion: StepInclusion = {
    hash: slot.attempts[0]?.hash ?? txHashOf(0),
    block_number: view,
    block_hash: blockHashOf(view),
    outcome,
    delivered_amount: outcome === 'success' ? 1_000n : null,
    gas_used: 21_000n,
    fee_paid: 231_000n,
  }
  return { kind: 'mined', nonce: slot.nonce, inclusion, view }
}
