// A batch for others to bring: what its account signs, and the step that brings it.

import { runOf } from '../batch/call-of.ts'
import { encodeSteps } from '../batch/encode-steps.ts'
import type { Address } from '../chain/address.ts'
import type { ChainId } from '../chain/chain-id.ts'
import { assertDefined } from '../lib/assert.ts'
import type { Hex } from '../lib/hex.ts'
import type { UnixMs } from '../lib/time.ts'
import type { UnsignedBatch } from '../ports/transaction-signer.ts'
import type { Admission } from '../signer/admission.ts'
import type { CarriedBatch } from '../signer/state/carried-batch.ts'
import type { StepKey } from '../transfer/step-report.ts'
import { carriageId } from '../transfer/transfer-id.ts'
import { encodeExecuteSigned } from './encode-execute.ts'

export function unsignedBatch(chain: ChainId, batch: CarriedBatch): UnsignedBatch {
  return { chain, id: batch.id, validUntil: batch.validUntil, steps: packedSteps(batch) }
}

/** `tries`: of it so far. Each is another admission. */
export function carriageKey(chain: ChainId, account: Address, { id }: CarriedBatch, tries: number): StepKey {
  return { transfer: carriageId(chain, account, id), step: 0, generation: tries }
}

/** What a carrier is asked to take. Its transaction bids no more than any of the steps allows. */
export function carriageOf(account: Address, batch: CarriedBatch, key: StepKey, now: UnixMs): Admission {
  const signature = assertDefined(batch.signature, 'only what is signed can be brought')
  const data = encodeExecuteSigned(batch.id, BigInt(batch.validUntil), packedSteps(batch), signature)
  return {
    key,
    action: { type: 'call', to: account, data, value: 0n },
    not_before: null,
    max_fee_per_gas: lowestCap(batch),
    batch: 'never',
    carriage_gas: batch.gasLimit,
    bound_at: now,
  }
}

function packedSteps({ steps }: CarriedBatch): Hex {
  return encodeSteps(steps.map(({ number, gas, action }) => ({ number, gas, run: runOf(action) })))
}

function lowestCap({ steps }: CarriedBatch): bigint | null {
  const caps = steps.flatMap(({ cap }) => cap ?? [])
  return caps.length === 0 ? null : caps.reduce(lower)
}

function lower(one: bigint, other: bigint): bigint {
  return one < other ? one : other
}
