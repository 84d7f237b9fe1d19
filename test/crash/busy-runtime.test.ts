// The host of the runtime while workerd says more than the pipe between them holds: it answers SQL and ticks, ends on
// SIGTERM, and does not let the public port into what is only its own.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { bundleWorker } from '../../scripts/dev/bundle.ts'
import { freePort } from '../../scripts/dev/free-port.ts'
import type { HostProcess } from '../../scripts/dev/host-process.ts'
import { ROOT } from '../../scripts/dev/root.ts'
import { startRuntime } from '../../scripts/dev/runtime.ts'
import { makeStateDir, type StateDir, stateDir } from '../../scripts/dev/state-dir.ts'

/** One of those in wrangler.toml. */
const EVERY_MINUTE = '* * * * *'
const ROUNDS = 40
const AT_ONCE = 8
/** Milliseconds that the host gives an orderly end before it kills its group. */
const ORDERLY_END_MS = 8_000

let dir: StateDir
let runtime: HostProcess

beforeEach(async () => {
  dir = stateDir(mkdtempSync(join(tmpdir(), 'waybill-busy-')))
  makeStateDir(dir)
  bundleWorker(join(ROOT, 'test', 'support', 'chatty-worker.ts'), dir.bundle)
  bundleWorker(join(ROOT, 'scripts', 'dev', 'control-worker.ts'), dir.controlBundle)
  const port = await freePort(null)
  const bindings = { RPC_ENDPOINTS: '{}', SIGNER_KEYS: '{}' }
  runtime = await startRuntime(dir, { port, bindings, onEvent: () => {} })
})

afterEach(async () => {
  await runtime.kill()
  rmSync(dir.root, { recursive: true, force: true })
})

test('SQL and ticks go on while workerd logs without end', async () => {
  const statement = { sql: 'SELECT 7 AS seven', params: [] }
  for (let round = 0; round < ROUNDS; round++) {
    const chats = Array.from({ length: AT_ONCE }, () => fetch(chatty()).then((answer) => answer.text()))
    expect(await runtime.call('sql', [statement, statement])).toEqual([[{ seven: 7 }], [{ seven: 7 }]])
    if (round % AT_ONCE === 0) expect(await runtime.call('cron', EVERY_MINUTE)).toBe('ok')
    expect(await Promise.all(chats)).toEqual(chats.map(() => 'ok'))
  }
})

test('SIGTERM ends the host while workerd logs without end', async () => {
  let isOver = false
  const chat = async () => {
    while (!isOver)
      await fetch(chatty()).then(
        (answer) => answer.text(),
        () => {},
      )
  }
  const poll = async () => {
    while (!isOver) await runtime.call('sql', [{ sql: 'SELECT 1', params: [] }]).catch(() => {})
  }
  const load = [...Array.from({ length: AT_ONCE }, chat), poll()]
  await runtime.call('sql', [{ sql: 'SELECT 1', params: [] }])
  const since = performance.now()
  process.kill(runtime.pid, 'SIGTERM')
  const exit = await runtime.exited
  isOver = true
  await Promise.all(load)
  // Killed it would have a signal.
  expect(exit.signal).toBeNull()
  expect(performance.now() - since).toBeLessThan(ORDERLY_END_MS)
})

test('the public port leads to the Worker and nowhere else', async () => {
  const body = JSON.stringify({ do: 'sql', statements: [{ sql: 'SELECT 1', params: [] }] })
  const headers = { 'MF-Route-Override': 'waybill-control', 'Waybill-Control-Secret': 'guessed' }
  const answer = await fetch(chatty(), { method: 'POST', headers, body })
  expect(await answer.text()).toBe('ok')
})

/** Of the paths that are never served as a file. */
function chatty(): URL {
  return new URL('/healthz', runtime.url)
}
