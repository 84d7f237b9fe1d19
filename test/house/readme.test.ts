// Guarantee: the commands of README do what it says, copied and pasted, beside a stack as `npm start` starts it.

import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ROOT } from '../../scripts/dev/root.ts'
import { Client } from '../support/client.ts'
import { type Stack, startStack } from '../support/stack.ts'
import { snippetsOf } from './support/pages.ts'

/** Milliseconds. A stack is up in a few seconds, and finality on its chain takes about five. */
const WITHIN_MS = 120_000
/** What the commands use of a checkout, beside the state of the stack. */
const LINKED = ['examples', 'node_modules', 'package.json', 'scripts', 'src']

const ID_PATTERN = /"id":\s*"(tr_[a-z2-7]{52})"/g

/** Stands for the checkout: a stack that somebody runs in the real one must not be touched. */
const checkout = mkdtempSync(join(tmpdir(), 'waybill-readme-'))
const snippets = new Map(snippetsOf('README.md').map(({ name, commands }) => [name, commands]))
let stack: Stack
let posted: readonly string[] = []

beforeAll(async () => {
  for (const name of LINKED) symlinkSync(join(ROOT, name), join(checkout, name))
  stack = await startStack({ stateDir: join(checkout, '.waybill') })
}, WITHIN_MS)

afterAll(async () => {
  await stack?.stop()
  rmSync(checkout, { recursive: true, force: true })
}, WITHIN_MS)

test('every block that is marked to be run is run here', () => {
  expect([...snippets.keys()]).toEqual(['post', 'verify', 'waybill', 'batch', 'private'])
})

test('one transfer posted twice is one transfer', { timeout: WITHIN_MS }, async () => {
  posted = [...(await run('post')).matchAll(ID_PATTERN)].map(([, id = '']) => id)
  expect(posted).toHaveLength(2)
  expect(new Set(posted).size).toBe(1)
})

test('its log verifies outside', { timeout: WITHIN_MS }, async () => {
  const [id = ''] = posted
  const { status, seq } = await new Client(stack).untilFinal(id)
  expect(status).toBe('finalized')
  const printed = await run('verify')
  expect(printed).toMatch(/\nverified: \d+ records end in [0-9a-f]{64}\n$/)
  expect(printed).toContain(`verified: ${seq} records`)
})

test('the command verifies its log, proves a record of it, and rebuilds the list', {
  timeout: WITHIN_MS,
}, async () => {
  const [id = ''] = posted
  const { seq, head } = await new Client(stack).get(id)
  const printed = await run('waybill')
  expect(printed).toContain(`verified: ${seq} records end in ${head}\n`)
  expect(printed).toContain(`proved: record 1 of ${id} stands in the log that ends in ${head}\n`)
  expect(printed).toMatch(/\nrebuilt: \d+ transfers, 0 of them from the archive alone\n$/)
})

test('several payments in one transfer are all made', { timeout: WITHIN_MS }, async () => {
  const [, id = ''] = new RegExp(ID_PATTERN.source).exec(await run('batch')) ?? []
  const ended = await new Client(stack).untilFinal(id)
  expect(ended).toMatchObject({ status: 'finalized', steps: [{ outcome: 'success', number: 0 }] })
})

test('a private payment is made, from an account of its own', { timeout: WITHIN_MS }, async () => {
  const [, id = ''] = new RegExp(ID_PATTERN.source).exec(await run('private')) ?? []
  const ended = await new Client(stack).untilFinal(id)
  expect(ended).toMatchObject({ status: 'finalized', visibility: 'private' })
  expect(ended.steps[0]?.signer?.toLowerCase()).toBe(stack.privateSigners[0])
})

/** What it prints. The shell is a user's, but for the node, which is the one that the tests run on. */
async function run(name: string): Promise<string> {
  const { stdout } = await promisify(execFile)('bash', ['-c', snippets.get(name) ?? 'exit 1'], {
    cwd: checkout,
    env: { ...process.env, PATH: [dirname(process.execPath), process.env.PATH].join(delimiter) },
    timeout: WITHIN_MS,
  })
  return stdout
}
