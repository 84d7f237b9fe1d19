// What the chain's facts add to a signer's log. Facts are absolute as of a view, so the difference to what the log
// knows is all that is written, and any one of them makes up for every one that was lost.

import type { ChainFacts } from '../chain/account-facts.ts'
import type { Inclusion } from '../chain/receipt.ts'
import { assertDefined } from '../lib/assert.ts'
import type { StepInclusion } from '../transfer/step-report.ts'
import { judge } from './evidence.ts'
import type { SignerRecord } from './records.ts'
import type { OpenSlot, SignerState } from './state.ts'

export function settle(state: SignerState, facts: ChainFacts): readonly SignerRecord[] {
  if (facts.view < state.chainView) return []
  const byNonce = new Map(facts.inclusions.map((inclusion) => [inclusion.nonce, inclusion]))
  const records: SignerRecord[] = []
  for (const slot of state.slots.values()) {
    records.push(...settleSlot(state, slot, byNonce.get(slot.nonce) ?? null, facts))
  }
  return [...records, ...skip(state, facts)]
}

function settleSlot(
  state: SignerState,
  slot: OpenSlot,
  inclusion: Inclusion | null,
  { view, finalized }: ChainFacts,
): readonly SignerRecord[] {
  const { nonce } = slot
  if (inclusion === null) {
    const wasTold = slot.inclusion !== null || slot.usurper !== null
    return wasTold ? [{ kind: 'orphaned', nonce, view }] : []
  }
  const { hash, block_number, block_hash } = inclusion.receipt
  const isFinal = block_number <= finalized
  if (!slot.attempts.some((attempt) => attempt.hash === hash)) {
    if (isFinal) return [{ kind: 'closed', nonce, hash, view }]
    return slot.usurper === hash ? [] : [{ kind: 'usurped', nonce, hash, view }]
  }
  const told = judged(state, slot, inclusion)
  const isNew = slot.inclusion === null || slot.inclusion.block_hash !== block_hash
  const wasElsewhere = isNew && (slot.inclusion !== null || slot.usurper !== null)
  return [
    ...(wasElsewhere ? [{ kind: 'orphaned', nonce, view } as const] : []),
    ...(isNew ? [{ kind: 'mined', nonce, inclusion: told, view } as const] : []),
    ...(isFinal ? [{ kind: 'finalized', nonce, inclusion: told, view } as const] : []),
  ]
}

function judged(state: SignerState, slot: OpenSlot, inclusion: Inclusion): StepInclusion {
  const { address } = assertDefined(state.identity, 'the signer is open')
  const { receipt } = inclusion
  const verdict = judge(slot.action, address, inclusion)
  return {
    hash: receipt.hash,
    block_number: receipt.block_number,
    block_hash: receipt.block_hash,
    outcome: verdict.outcome,
    delivered_amount: verdict.outcome === 'success' ? verdict.delivered_amount : null,
    gas_used: receipt.gas_used,
    fee_paid: receipt.gas_used * receipt.effective_gas_price,
  }
}

/** A transaction at or past the end of our line was made by somebody else with the same key. */
function skip(state: SignerState, facts: ChainFacts): readonly SignerRecord[] {
  if (state.nextNonce === null) return []
  const highest = Math.max(-1, ...facts.inclusions.map((inclusion) => inclusion.nonce))
  return highest >= state.nextNonce ? [{ kind: 'skipped', nonce: highest + 1, view: facts.view }] : []
}
