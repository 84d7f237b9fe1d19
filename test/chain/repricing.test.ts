// Guarantee (S23): a transaction that the market rose above is bid anew in the same nonce and paid once; a cap is never passed,
// and what it keeps back goes when the market falls, without keeping the others waiting for ever.

import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { BatchBench, type Gathered } from '../support/batch-bench.ts'
import { until } from '../support/chain.ts'

const ALONE = 0
const CAPPED = 1
/** Times what is bid: a base fee beyond it, and within what a slot may come to. */
const DEAR = 3n
/** Milliseconds: a step keeps others waiting for 24 blocks, and the end of each of them takes five more. */
const BLOCKED_WITHIN_MS = 180_000

let bench: BatchBench

beforeAll(async () => {
  bench = await BatchBench.start(2)
})

afterAll(async () => {
  await bench.resume()
  await bench.expectBooks()
  await bench.stop()
})

const block = z.object({ baseFeePerGas: z.string().transform(BigInt) })

async function baseFee(): Promise<bigint> {
  return block.parse(await bench.chain.rpc('eth_getBlockByNumber', 'latest', false)).baseFeePerGas
}

/** What the step's newest bytes bid at most. */
async function bidOf({ steps: [step] }: Gathered): Promise<bigint> {
  const { steps } = await bench.client.get(step?.id ?? '')
  return BigInt(steps[0]?.attempts.at(-1)?.max_fee_per_gas ?? 0)
}

/** A block of this base fee; nothing of a lower bid is in it. */
async function mineAt(fee: bigint): Promise<void> {
  await bench.chain.rpc('anvil_setNextBlockBaseFeePerGas', `0x${fee.toString(16)}`)
  await bench.mine()
}

test('bytes that blocks pass by are bid anew, and one of them is paid', async () => {
  await bench.rest()
  const sent = await bench.sent(bench.native(ALONE, 5n))
  const { steps, nonce, hash } = sent
  await mineAt(DEAR * (await bidOf(sent)))
  const better = await bench.untilReplaced(bench.signer(ALONE), nonce, hash)
  await bench.mine()
  await bench.resume()
  const [document] = await bench.expectPaid(steps)
  expect(document?.steps).toMatchObject([{ nonce, hash: better, attempts: [{ index: 0 }, { index: 1 }] }])
})

test('a speed-up gets it a better offer at once, once for each command', async () => {
  await bench.rest()
  const { steps, nonce, hash } = await bench.sent(bench.native(ALONE, 7n))
  const [step] = steps
  const speedUp = (key: string) =>
    bench.client.call('POST', `/v1/transfers/${step?.id}/speed-up`, undefined, { 'Idempotency-Key': key })
  expect(await speedUp('one')).toMatchObject({ status: 202 })
  const better = await bench.untilReplaced(bench.signer(ALONE), nonce, hash)
  expect(await speedUp('one')).toMatchObject({ status: 202 })
  expect(await speedUp('two')).toMatchObject({ status: 202 })
  const best = await bench.untilReplaced(bench.signer(ALONE), nonce, better)
  await bench.resume()
  const [document] = await bench.expectPaid(steps)
  expect(document?.steps).toMatchObject([{ nonce, hash: best, attempts: [{}, {}, {}] }])
  expect(document?.steps[0]?.attempts).toHaveLength(3)
  expect(await speedUp('three')).toMatchObject({ status: 409, body: { code: 'speed_up_too_late' } })
})

test('what a cap keeps back gives its nonce up for those behind it, and goes when the market falls', {
  timeout: BLOCKED_WITHIN_MS,
}, async () => {
  await bench.rest()
  const calm = await baseFee()
  // Enough for now, and not for what comes.
  const cap = await bidOf(await bench.sent(bench.native(ALONE, 5n)))
  const capped = await bench.sent(bench.native(CAPPED, 5n, { max_fee_per_gas: cap.toString() }))
  const behind = await bench.sent(bench.native(CAPPED, 6n))
  await mineAt(DEAR * cap)
  await bench.untilReplaced(bench.signer(CAPPED), behind.nonce, behind.hash)
  // What keeps it is told while its bytes are out.
  const [step] = capped.steps
  const kept = { by: 'transfer', max_fee_per_gas: cap.toString() }
  await until(async () => (await bench.client.get(step?.id ?? '')).status_reason === 'fee_cap')
  expect(await bench.client.get(step?.id ?? '')).toMatchObject({ status: 'broadcast', fee_cap: kept })
  await bench.untilReplaced(bench.signer(CAPPED), capped.nonce, capped.hash)
  await bench.mine()
  await mineAt(calm)
  await bench.resume()
  await bench.expectPaid(behind.steps)
  const [document] = await bench.expectPaid(capped.steps)
  expect(document).not.toHaveProperty('fee_cap')
  expect(document?.steps).toMatchObject([{ generation: 1 }])
  expect(document?.steps[0]?.nonce).toBeGreaterThan(behind.nonce)
})
