// What the chain's facts say of batches that others bring. Pure. They have no nonce to be looked up by: the log of the
// account's own code is all that tells of them, whoever's transaction it stands in.

import type { ChainFacts } from '../../chain/account-facts.ts'
import type { Address } from '../../chain/address.ts'
import type { Receipt } from '../../chain/receipt.ts'
import { assertDefined } from '../../lib/assert.ts'
import type { Hex } from '../../lib/hex.ts'
import { type StepKey, stepKeyText } from '../../transfer/step-report.ts'
import { blockInclusion } from '../state/block-inclusion.ts'
import { type CarriedBatch, workOf } from '../state/carried-batch.ts'
import type { SignerRecord } from '../state/records.ts'
import { exceptionsOf, isSameWord } from '../state/results.ts'
import type { Close, OpenSlot } from '../state/slot.ts'
import type { SignerState } from '../state/state.ts'
import { judgeCarried, placesDone } from './batch-evidence.ts'

type Annulled = Extract<SignerRecord, { kind: 'annulled' }>

export function settleCarried(state: SignerState, facts: ChainFacts): readonly SignerRecord[] {
  if (state.carried.size === 0) return []
  const { address } = assertDefined(state.identity, 'the signer is open')
  const annulled = annulledBySlots(state, address, facts)
  const gone = new Set(annulled.flatMap(({ keys }) => keys.map(stepKeyText)))
  const records: SignerRecord[] = [...annulled]
  for (const batch of state.carried.values()) {
    // What is at its end no block changes any more.
    if (batch.steps.every(({ key, isAnnulled }) => isAnnulled || gone.has(stepKeyText(key)))) continue
    records.push(...settleBatch(batch, address, facts))
  }
  return records
}

function settleBatch(batch: CarriedBatch, address: Address, facts: ChainFacts): readonly SignerRecord[] {
  const { view, finalized, inclusions } = facts
  const known = batch.inclusion
  const judged = judgeCarried(batch, address, inclusions)
  if (judged === null) return known === null ? [] : [{ kind: 'unbrought', batch: batch.id, view }]
  const inclusion = blockInclusion(judged.inclusion)
  const isSame =
    known?.block_hash === inclusion.block_hash &&
    known.hash === inclusion.hash &&
    isSameWord(known.results, judged.results)
  const except = exceptionsOf(workOf(batch), judged.results)
  return [
    ...(isSame || known === null ? [] : [{ kind: 'unbrought', batch: batch.id, view } as const]),
    ...(isSame ? [] : [{ kind: 'brought', batch: batch.id, inclusion, except, view } as const]),
    ...(inclusion.block_number <= finalized ? [{ kind: 'delivered', batch: batch.id, view } as const] : []),
  ]
}

/** A transaction of ours that used numbers up is final: what no batch has run by then none ever will. */
function annulledBySlots(state: SignerState, address: Address, facts: ChainFacts): readonly Annulled[] {
  const records: Annulled[] = []
  for (const slot of state.slots.values()) {
    const receipt = finalReceiptOf(slot, facts)
    if (slot.work.kind !== 'closing' || receipt === null) continue
    // One that was used up before has run, whether we were told of it or not.
    const isDone = placesDone(receipt, address, slot.work.id)
    const closed = slot.work.closes.filter((_, place) => isDone(place))
    for (const [id, closes] of Map.groupBy(closed, ({ batch }) => batch)) {
      const keys = notRun(state, id, closes, address, facts)
      if (keys.length > 0) records.push({ kind: 'annulled', batch: id, keys, by: receipt.hash })
    }
  }
  return records
}

function finalReceiptOf(slot: OpenSlot, { inclusions, finalized }: ChainFacts): Receipt | null {
  const own = inclusions.find(
    ({ by, receipt }) => by === undefined && slot.attempts.some(({ hash }) => hash === receipt.hash),
  )
  if (own === undefined || own.receipt.block_number > finalized) return null
  return own.receipt
}

function notRun(
  { carried }: SignerState,
  id: Hex,
  closes: readonly Close[],
  address: Address,
  { inclusions }: ChainFacts,
): readonly StepKey[] {
  const batch = carried.get(id)
  if (batch === undefined) return []
  const results = judgeCarried(batch, address, inclusions)?.results ?? []
  const closed = new Set(closes.map(({ key }) => stepKeyText(key)))
  return batch.steps.flatMap(({ key, isAnnulled }, place) => {
    const hasBeenRun = results[place] !== undefined && results[place].outcome !== 'not_run'
    return isAnnulled || hasBeenRun || !closed.has(stepKeyText(key)) ? [] : [key]
  })
}
