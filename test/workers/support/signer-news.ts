// News of a transfer's signer, as its object would get it.

import { env } from 'cloudflare:workers'
import { assert } from '../../../src/shared/lib/assert.ts'
import { attemptSummary, stepInclusion } from '../../../src/shared/schema/step-report.ts'
import type { StepInclusion, StepStanding } from '../../../src/shared/transfer/step-report.ts'

/** News of the transfer's signer, as the object would get it: the transfer is bound first. */
export async function report(id: string, standing: StepStanding): Promise<void> {
  const transfer = env.TRANSFER.getByName(id)
  const bound = await transfer.bind(null)
  assert(bound.result === 'bound', 'the transfer can be bound')
  await transfer.report({ ...bound.key, signer: bound.signer, view: 1_000, standing })
}

export const hash = `0x${'ab'.repeat(32)}`

export function inSlot(inclusion: StepInclusion | null): StepStanding {
  const fees = { max_fee_per_gas: '2', max_priority_fee_per_gas: '1' }
  const attempt = attemptSummary.parse({ index: 0, hash, gas_limit: '21000', ...fees })
  return { at: 'slot', nonce: 0, attempts: [attempt], sent: 'broadcast', inclusion, final: false }
}

export const mined = inSlot(
  stepInclusion.parse({
    hash,
    block_number: 7,
    block_hash: hash,
    outcome: 'success',
    delivered_amount: '1000',
    gas_used: '21000',
    fee_paid: '5',
  }),
)
