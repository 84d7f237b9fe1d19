// SIGKILL in the middle of a hundred transfers: of the runtime several times, of the chain's node too. Started again on
// the same state, all become final, none is paid twice. The times of the kills come from a seed, which is printed.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { Chain } from '../support/chain.ts'
import { Client } from '../support/client.ts'
import { hundredRequests, type Planned, postPatiently } from '../support/hundred.ts'
import { randomFrom, seedOfRun } from '../support/random.ts'
import { SignerLogs } from '../support/signer-logs.ts'
import { type Stack, startStack } from '../support/stack.ts'

const RUNTIME_KILLS = 4
/** Milliseconds between two kills: from the first posts to the last blocks of a run of some eight seconds. */
const KILL_LEAST_MS = 200
const KILL_MOST_MS = 1_500

let stateDir: string
let stack: Stack

beforeEach(async () => {
  stateDir = mkdtempSync(join(tmpdir(), 'waybill-kills-'))
  stack = await startStack({ stateDir })
})

afterEach(async () => {
  await stack.stop()
  rmSync(stateDir, { recursive: true, force: true })
})

it('the runtime killed several times in the middle: all final, each paid exactly once', async () => {
  const seed = seedOfRun('kills')
  const random = randomFrom(seed)
  const { client, posting, planned } = startPosting(`runtime-${seed}`)
  for (let kill = 0; kill < RUNTIME_KILLS; kill++) {
    await pause(KILL_LEAST_MS + random() * (KILL_MOST_MS - KILL_LEAST_MS))
    await stack.killRuntime()
    await stack.restartRuntime()
  }
  await expectPaidOnce(client, planned, await posting)
})

it('the node killed in the middle, and the blocks that it lost: all final, each paid exactly once', async () => {
  const seed = seedOfRun('node-kills')
  const random = randomFrom(seed)
  const { client, posting, planned } = startPosting(`node-${seed}`)
  await pause(KILL_LEAST_MS + random() * KILL_MOST_MS)
  await stack.killChain()
  await stack.restartChain()
  await pause(random() * KILL_MOST_MS)
  await Promise.all([stack.killChain(), stack.killRuntime()])
  await stack.restartChain()
  await stack.restartRuntime()
  await expectPaidOnce(client, planned, await posting)
})

function startPosting(name: string) {
  const client = new Client(stack)
  const planned = hundredRequests(stack, name)
  const posting = postPatiently(client, planned)
  // Looked at in the end; until then nobody else handles it.
  posting.catch(() => {})
  return { client, planned, posting }
}

async function expectPaidOnce(
  client: Client,
  planned: readonly Planned[],
  ids: readonly string[],
): Promise<void> {
  const documents = await Promise.all(ids.map((id) => client.untilFinal(id)))
  expect(documents.filter(({ status }) => status !== 'finalized')).toEqual([])
  const chain = new Chain(stack)
  for (const { request } of planned) {
    const { action } = request
    expect(await chain.received(action)).toBe(BigInt('amount' in action ? action.amount : 0))
  }
  // The chain has used the nonces that the logs gave away, and no others.
  for (const [signer, nonce] of new SignerLogs(stack.dir.runtimeDir).nextNonces()) {
    expect(await chain.transactionCount(signer)).toBe(nonce)
  }
}

/** Chooses the moment of a kill; nothing is waited for. */
function pause(durationMs: number): Promise<void> {
  return new Promise((resolve) =>
    AbortSignal.timeout(Math.round(durationMs)).addEventListener('abort', () => resolve()),
  )
}
