// The transaction that a slot's next bytes are made of.

import type { BatchStep } from '../batch/batch-step.ts'
import { runOf } from '../batch/call-of.ts'
import { encodeSteps } from '../batch/encode-steps.ts'
import type { Address } from '../chain/address.ts'
import { isAddress } from '../chain/address.ts'
import type { ChainId } from '../chain/chain-id.ts'
import { assert } from '../lib/assert.ts'
import { isHex } from '../lib/hex.ts'
import type { UnsignedTransaction } from '../ports/transaction-signer.ts'
import { type NumberedStep, type Offer, type OpenSlot, runs } from '../signer/state/slot.ts'
import { encodeAction, type TransactionFields } from './encode-action.ts'
import { encodeExecute } from './encode-execute.ts'

/** By the account itself, a batch needs no time of its own: it can only run at the nonce of its slot. */
const FOREVER = 2n ** 64n - 1n

/** Nobody has its key and no code is there: what goes to it does nothing but use up a nonce. */
const FILLER_TO = '0x000000000000000000000000000000000000dead'

export function slotTransaction(
  chain: ChainId,
  account: Address,
  slot: OpenSlot,
  offer: Offer,
): UnsignedTransaction {
  const { gas_limit, max_fee_per_gas, max_priority_fee_per_gas } = offer
  const fees = { gas_limit, max_fee_per_gas, max_priority_fee_per_gas }
  return { chain, nonce: slot.nonce, ...fieldsOf(account, slot, offer), ...fees }
}

function fieldsOf(
  account: Address,
  { nonce, work, attempts }: OpenSlot,
  offer: Offer,
): TransactionFields & Pick<UnsignedTransaction, 'authorization'> {
  switch (work.kind) {
    case 'step': {
      const { key, action } = work.step
      assert(action.type !== 'batch', 'only the code of the account runs several actions at once')
      return { ...(runs(offer, key) ? encodeAction(action) : filler()), authorization: null }
    }
    case 'batch': {
      const steps = encodeSteps(work.steps.map((step) => batchStep(step, offer)))
      return { to: account, value: 0n, data: encodeExecute(work.id, FOREVER, steps), authorization: null }
    }
    case 'closing': {
      const steps = encodeSteps(
        work.closes.map(({ number }) => ({ number, run: { kind: 'close' } as const })),
      )
      return { to: account, value: 0n, data: encodeExecute(work.id, FOREVER, steps), authorization: null }
    }
    case 'filler':
      return { ...filler(), authorization: null }
    case 'delegation': {
      const isFiller = work.fillersFrom !== null && attempts.length >= work.fillersFrom
      return { ...filler(), authorization: isFiller ? null : { address: work.to, nonce: nonce + 1 } }
    }
  }
}

/** One that the bytes leave out uses its number up and runs nothing. */
function batchStep({ key, action, number, gas }: NumberedStep, offer: Offer): BatchStep {
  return runs(offer, key) ? { number, gas, run: runOf(action) } : { number, run: { kind: 'close' } }
}

function filler(): TransactionFields {
  const data = '0x'
  assert(isAddress(FILLER_TO) && isHex(data), 'the address of fillers is one')
  return { to: FILLER_TO, value: 0n, data }
}
