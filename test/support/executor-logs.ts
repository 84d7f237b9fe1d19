// What the executor and tokens say in the receipts of batches.

import type { Address } from '../../src/shared/chain/address.ts'
import type { Log } from '../../src/shared/chain/receipt.ts'
import { assert } from '../../src/shared/lib/assert.ts'
import { type Hex, isHex } from '../../src/shared/lib/hex.ts'
import { BATCH_DONE_TOPIC, TRANSFER_TOPIC } from '../../src/shared/signer/evidence/evidence.ts'
import { RECIPIENT, SIGNER } from './domain-values.ts'
import { included, type SignerBench } from './signer-bench.ts'

type Ran = {
  readonly done?: bigint
  readonly failed?: bigint
  readonly gas_used?: bigint
  readonly logs?: readonly Log[]
}

/** The batch of this nonce in block 100; all of it done unless told otherwise. `logs`: besides the executor's own. */
export function ranBatch(
  bench: SignerBench,
  nonce: number,
  { done, failed = 0n, logs = [], ...receipt }: Ran = {},
) {
  const work = bench.state.slots.get(nonce)?.work
  assert(work?.kind === 'batch', 'the slot is a batch')
  const all = (1n << BigInt(work.steps.length)) - 1n
  const own = batchDone(SIGNER, BigInt(work.id), done ?? all, failed)
  return included(nonce, 100, { to: SIGNER, logs: [...logs, own], ...receipt })
}

export function batchDone(address: Log['address'], id: bigint, done: bigint, failed: bigint): Log {
  return {
    address,
    topics: [hex(BATCH_DONE_TOPIC), word(id)],
    data: hex(`${word(done)}${word(failed).slice(2)}`),
  }
}

export function transferLog(token: Address, amount: bigint): Log {
  const topics = [hex(TRANSFER_TOPIC), word(BigInt(SIGNER)), word(BigInt(RECIPIENT))]
  return { address: token, topics, data: word(amount) }
}

function word(value: bigint): Hex {
  return hex(`0x${value.toString(16).padStart(64, '0')}`)
}

function hex(text: string): Hex {
  assert(isHex(text), 'it is hex')
  return text
}
