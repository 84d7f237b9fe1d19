// The Worker under `wrangler dev` itself, on the state that `npm start` made. Only there is code generation forbidden as
// in production (eval, new Function, WebAssembly from bytes), which no other test would notice.

import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readDevState } from '../../scripts/dev/dev-state.ts'
import { freePort } from '../../scripts/dev/free-port.ts'
import { groupGone, killGroup } from '../../scripts/dev/process-group.ts'
import { ROOT } from '../../scripts/dev/root.ts'
import { bindingsOf } from '../../scripts/dev/stack-state.ts'
import { until } from '../support/chain.ts'
import { Client, freshAddress } from '../support/client.ts'
import { type Stack, startStack } from '../support/stack.ts'

/** Variables of the environment would stand above those of the file. */
const NO_SETTINGS = { CHAINS: undefined, RPC_ENDPOINTS: undefined, SIGNER_KEYS: undefined }

const stateDir = mkdtempSync(join(tmpdir(), 'waybill-wrangler-'))
let stack: Stack
let group: number | null = null
let client: Client

beforeAll(async () => {
  stack = await startStack({ stateDir })
  await stack.killRuntime()
  const port = await freePort(null)
  group = startWrangler(port)
  const url = `http://127.0.0.1:${port}`
  client = new Client({ url, apiKey: stack.apiKey })
  await until(async () => (await fetch(`${url}/healthz`).catch(() => null))?.ok === true)
})

afterAll(async () => {
  if (group !== null) {
    killGroup(group)
    await groupGone(group)
  }
  await stack.stop()
  rmSync(stateDir, { recursive: true, force: true })
})

it('code generation is forbidden there, and a transfer of each kind becomes final all the same', async () => {
  const to = freshAddress('wrangler')
  const from = stack.signers[0] ?? ''
  const { chain, token } = stack
  const documents = await Promise.all([
    client.post('native', { chain, from, action: { type: 'native', to, amount: '1' } }),
    client.post('erc20', { chain, from, action: { type: 'erc20', token, to, amount: '1' } }),
    client.post('call', { chain, from, action: { type: 'call', to, data: '0x', value: '1' } }),
  ])
  const ends = await Promise.all(documents.map(({ id }) => client.untilFinal(id)))
  expect(ends.map(({ status }) => status)).toEqual(['finalized', 'finalized', 'finalized'])
})

it.each(['/', '/docs', '/openapi.json', '/readyz', '/v1/chains', '/v1/signers', '/v1/me'])(
  '%s answers',
  async (path) => {
    const response = await client.raw(path)
    expect(response.status).toBe(200)
  },
)

/** A process group of its own, as wrangler starts workerd. Its state is the stack's. */
function startWrangler(port: number): number {
  const state = readDevState(stack.dir)
  if (state === null) throw new Error('the stack has a state')
  const persist = join(stateDir, 'wrangler')
  mkdirSync(persist)
  symlinkSync(stack.dir.runtimeDir, join(persist, 'v3'))
  const settings = join(stateDir, 'settings.env')
  const lines = Object.entries(bindingsOf(state, null)).map(([name, value]) => `${name}='${value}'`)
  writeFileSync(settings, `${lines.join('\n')}\n`, { mode: 0o600 })
  const wrangler = join(
    dirname(createRequire(import.meta.url).resolve('wrangler/package.json')),
    'bin',
    'wrangler.js',
  )
  const args = ['dev', '--ip', '127.0.0.1', '--port', String(port), '--inspector-port', '0']
  const child = spawn(
    process.execPath,
    [wrangler, ...args, '--persist-to', persist, '--env-file', settings],
    {
      cwd: ROOT,
      detached: true,
      stdio: 'ignore',
      env: { ...process.env, ...NO_SETTINGS, WRANGLER_SEND_METRICS: 'false', CI: '1' },
    },
  )
  if (child.pid === undefined) throw new Error('wrangler did not start')
  return child.pid
}
