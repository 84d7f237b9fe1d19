// Guarantee: an operator puts the executor where every chain has it, once; and neither the key nor the URL is shown.

import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { DEPLOYMENT_PROXY, executorCode } from '../../scripts/dev/executor.ts'
import { ROOT } from '../../scripts/dev/root.ts'
import { ANVIL_KEY, type Anvil, startAnvil } from '../unit/adapters/anvil.ts'

let anvil: Anvil
beforeAll(async () => {
  anvil = await startAnvil()
  await anvil.ask('evm_setIntervalMining', 1)
})
afterAll(() => anvil.stop())

test('tells the address, which follows from the code alone', async () => {
  const { address, initCodeHash } = await executorCode()
  const { code, out } = await command(['address'])
  expect(code).toBe(0)
  expect(out).toContain(address)
  expect(out).toContain(initCodeHash)
})

test('what it cannot do it refuses, without the key', async () => {
  for (const args of [
    [],
    ['deploy'],
    ['deploy', '--rpc', 'nowhere'],
    ['address', '--rpc', anvil.url],
    ['remove'],
  ]) {
    expect(await command(args, ANVIL_KEY)).toMatchObject({ code: 2, out: expect.stringContaining('usage') })
  }
  const cut = ANVIL_KEY.slice(0, -2)
  for (const key of [undefined, '', cut, `0x${'ff'.repeat(32)}`]) {
    const { code, out } = await command(['deploy', '--rpc', anvil.url], key)
    expect([code, out]).toEqual([2, 'DEPLOYER_KEY is not a private key: 0x and 64 hex digits\n'])
  }
})

test('who cannot pay, and a node that is away, are told without what must not be shown', async () => {
  const poor = `0x${'07'.repeat(32)}`
  const { code, out } = await command(['deploy', '--rpc', `${anvil.url}/token`], poor)
  expect(code).toBe(1)
  for (const hidden of [poor.slice(2), '/token']) expect(out).not.toContain(hidden)
  const away = await command(['deploy', '--rpc', 'http://127.0.0.1:1/token'], ANVIL_KEY)
  expect(away.code).toBe(1)
  for (const hidden of [ANVIL_KEY.slice(2), '/token']) expect(away.out).not.toContain(hidden)
})

test('deploys it, and then finds it there; also after the chain was reset', async () => {
  const { address } = await executorCode()
  for (let round = 0; round < 2; round++) {
    const before = await anvil.ask('evm_snapshot')
    expect(await anvil.ask('eth_getCode', address, 'latest')).toBe('0x')
    const first = await command(['deploy', '--rpc', anvil.url], ANVIL_KEY)
    expect(first).toMatchObject({ code: 0, out: expect.stringContaining('the executor is there now') })
    expect(await anvil.ask('eth_getCode', address, 'latest')).not.toBe('0x')
    const again = await command(['deploy', '--rpc', anvil.url], ANVIL_KEY)
    expect(again).toMatchObject({ code: 0, out: expect.stringContaining('nothing was sent') })
    for (const { out } of [first, again]) expect(out).not.toContain(ANVIL_KEY.slice(2))
    await anvil.ask('evm_revert', String(before))
  }
})

test('a chain without the proxy is told so', async () => {
  await anvil.ask('anvil_setCode', DEPLOYMENT_PROXY, '0x')
  const { code, out } = await command(['deploy', '--rpc', anvil.url], ANVIL_KEY)
  expect([code, out]).toEqual([1, expect.stringContaining('is not on this chain')])
})

async function command(args: readonly string[], key?: string) {
  const env = { ...process.env, DEPLOYER_KEY: key }
  const child = spawn(process.execPath, ['scripts/run.mjs', 'scripts/executor.ts', ...args], {
    cwd: ROOT,
    env,
  })
  const exit = new Promise<number | null>((resolve) => child.once('close', resolve))
  const [out, errors] = await Promise.all([text(child.stdout), text(child.stderr)])
  return { code: await exit, out: out + errors }
}
