// Guarantee: with its rules on, the fault proxy refuses what geth refuses and Anvil takes, at the very boundary and in
// geth's words.

import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { NODE_RULES } from '../support/fault-proxy/node-rules.ts'
import { account, GWEI, ProxiedNode, signed } from '../support/proxied-node.ts'
import { type Anvil, startAnvil } from '../unit/adapters/anvil.ts'

let anvil: Anvil
let bench: ProxiedNode

beforeAll(async () => {
  anvil = await startAnvil()
})
afterAll(() => anvil.stop())

beforeEach(async () => {
  bench = await ProxiedNode.before(anvil)
  bench.proxy.enforce(...NODE_RULES)
})
afterEach(() => bench.proxy.stop())

test('a replacement must exceed both fees by more than a tenth', async () => {
  const nonce = await bench.nextNonce()
  const fees = { maxFeePerGas: 100n * GWEI, maxPriorityFeePerGas: 10n * GWEI }
  expect(await bench.send(await signed(nonce, fees))).toMatchObject({ class: 'accepted' })
  const atTenth = { maxFeePerGas: 110n * GWEI, maxPriorityFeePerGas: 11n * GWEI }
  const above = {
    maxFeePerGas: atTenth.maxFeePerGas + 1n,
    maxPriorityFeePerGas: atTenth.maxPriorityFeePerGas + 1n,
  }
  for (const low of [
    atTenth,
    { ...above, maxFeePerGas: 110n * GWEI },
    { ...atTenth, maxFeePerGas: 200n * GWEI },
  ]) {
    expect(await bench.send(await signed(nonce, low))).toMatchObject({ class: 'held_slot' })
  }
  expect(await bench.send(await signed(nonce, above))).toMatchObject({ class: 'accepted' })
  expect(bench.proxy.counts.get('rule_replacement')).toBe(3)
})

test('says what geth says of known and of used nonces', async () => {
  const nonce = await bench.nextNonce()
  const bytes = await signed(nonce)
  await bench.send(bytes)
  expect(await bench.send(bytes)).toMatchObject({ class: 'known', detail: 'already known' })
  await anvil.ask('anvil_mine', '0x1')
  expect(await bench.send(bytes)).toMatchObject({
    class: 'nonce_used',
    detail: `nonce too low: next nonce ${nonce + 1}, tx nonce ${nonce}`,
  })
})

test('a delegated account has one transaction under way, and none above a gap', async () => {
  await anvil.ask('anvil_setCode', account.address, `0xef0100${'22'.repeat(20)}`)
  const nonce = await bench.nextNonce()
  expect(await bench.send(await signed(nonce + 1))).toMatchObject({
    detail: 'gapped-nonce tx from delegated accounts',
  })
  expect(await bench.send(await signed(nonce))).toMatchObject({ class: 'accepted' })
  expect(await bench.send(await signed(nonce + 1))).toMatchObject({
    detail: 'in-flight transaction limit reached for delegated accounts',
  })
  await anvil.ask('anvil_setCode', account.address, '0x')
  expect(await bench.send(await signed(nonce + 1))).toMatchObject({ class: 'accepted' })
})

test('the 65th above a gap is thrown away in silence', async () => {
  const nonce = await bench.nextNonce()
  for (let gap = 1; gap <= 64; gap++) await bench.send(await signed(nonce + gap))
  const last = await signed(nonce + 65)
  expect(await bench.send(last)).toMatchObject({ class: 'accepted' })
  expect(await bench.isKnown(last)).toBe(false)
  expect(bench.proxy.counts.get('rule_queued')).toBe(1)
})

test('too many bytes, too much gas', async () => {
  const nonce = await bench.nextNonce()
  const large = { data: `0x${'ff'.repeat(131_072)}` as const, gas: 16_000_000n }
  expect(await bench.send(await signed(nonce, large))).toMatchObject({
    class: 'invalid',
    detail: /oversized data/,
  })
  expect(await bench.send(await signed(nonce, { gas: 2n ** 24n + 1n }))).toMatchObject({ class: 'invalid' })
  expect(await bench.send(await signed(nonce, { gas: 2n ** 24n }))).toMatchObject({ class: 'accepted' })
})

test('switched off, it takes what Anvil takes', async () => {
  bench.proxy.enforce()
  const nonce = await bench.nextNonce()
  await bench.send(await signed(nonce))
  expect(await bench.send(await signed(nonce, { maxFeePerGas: 100n * GWEI + 1n }))).toMatchObject({
    class: 'accepted',
  })
})
