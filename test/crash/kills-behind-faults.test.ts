// SIGKILL of the whole runtime, again and again, while clients keep paying and every endpoint of the chain has trouble of
// its own. Started again on the same state each time. In the end: nothing accepted is lost, nothing is paid twice, what
// was canceled is not paid, no byte left that no log held, and no public endpoint heard of what is private.
//
// 40 kills; WAYBILL_KILLS asks for more, in rounds of 40: after each of them all comes to an end. Without that, what is
// unfinished would grow by every kill, and the test would measure how much one process can take up at once.
// Seed and counts are printed.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { TransferDocument } from '../../src/shared/schema/transfer-document.ts'
import { walDocument } from '../../src/shared/schema/wal-document.ts'
import { emptyPosition, headOf, verifyGroups } from '../../src/shared/wal/group.ts'
import { Chain } from '../support/chain.ts'
import { Client } from '../support/client.ts'
import { NODE_RULES } from '../support/fault-proxy/node-rules.ts'
import { MODERATE_WEATHER } from '../support/fault-weather.ts'
import { countsOf, type FaultyStack, sentThrough, startFaultyStack } from '../support/faulty-stack.ts'
import { Overheard } from '../support/overheard.ts'
import { brokenPromises, inChunks, Payer, type Payment } from '../support/payments.ts'
import { randomFrom, seedOfRun } from '../support/random.ts'
import { SignerLogs } from '../support/signer-logs.ts'

const KILLS = Number(process.env.WAYBILL_KILLS ?? 40)
const KILLS_IN_A_ROUND = 40
const PAYMENTS_PER_KILL = 5
/** Waiting steps: few, so that most lives have batches and some have none. */
const DELEGATE_FROM = 2
/** Milliseconds that the runtime lives: from the first request to a few blocks. */
const LIFE_LEAST_MS = 100
const LIFE_MOST_MS = 700
/** Blocks that an endpoint may be behind, drawn anew after every kill: less than finality is deep. */
const BEHIND_MOST = 2
/** Milliseconds for the test as a whole: a kill with its restart takes about two seconds. */
const LIMIT_MS = 180_000 + KILLS * 8_000

let stateDir: string
let faulty: FaultyStack
let random: () => number
let seed: number

beforeEach(async () => {
  seed = seedOfRun('kills-behind-faults')
  random = randomFrom(seed)
  stateDir = mkdtempSync(join(tmpdir(), 'waybill-kills-'))
  faulty = await startFaultyStack({ stateDir, delegateFrom: DELEGATE_FROM }, random)
})

afterEach(async () => {
  await faulty.stop()
  rmSync(stateDir, { recursive: true, force: true })
})

it(
  `${KILLS} kills behind faulty endpoints: none lost, none paid twice, no byte without a log`,
  async () => {
    const { stack, proxies, hidden } = faulty
    const all = [...proxies, ...hidden]
    const overheard = new Overheard(proxies, stack.privateSigners)
    const client = new Client(stack)
    const payer = new Payer(stack, client, `kills-${seed}`)
    const logs = new SignerLogs(stack.dir.runtimeDir)
    const recoveries: number[] = []
    while (recoveries.length < KILLS) {
      for (const proxy of all) {
        proxy.setFaults(...MODERATE_WEATHER)
        proxy.enforce(...NODE_RULES)
      }
      const ofRound = Math.min(KILLS_IN_A_ROUND, KILLS - recoveries.length)
      for (let kill = 0; kill < ofRound; kill++) recoveries.push(await killOnce(payer, logs))
      const calmAt = performance.now()
      for (const proxy of all) {
        proxy.setFaults()
        proxy.fallBehind(0)
      }
      const payments = await payer.all()
      const documents = await untilFinal(client, payments)
      report({ payments, documents, recoveries, logs, settledMs: performance.now() - calmAt })
      await expectPaidOnce(payments, documents, logs)
      await expectLogsVerify(client, payments)
      expect(bytesWithoutLog(logs.signedHashes())).toEqual([])
      expect(payments.some(({ request }) => request.visibility === 'private')).toBe(true)
      expect(await overheard.secrets()).toEqual({ trials: 0, bytes: [] })
    }
  },
  LIMIT_MS,
)

/** Milliseconds from the kill until it answers again. */
async function killOnce(payer: Payer, logs: SignerLogs): Promise<number> {
  const { stack, proxies, hidden } = faulty
  payer.begin(PAYMENTS_PER_KILL)
  for (const proxy of [...proxies, ...hidden]) proxy.fallBehind(Math.floor(random() * (BEHIND_MOST + 1)))
  await pause(LIFE_LEAST_MS + random() * (LIFE_MOST_MS - LIFE_LEAST_MS))
  const killedAt = performance.now()
  await stack.killRuntime()
  expect(bytesWithoutLog(logs.signedHashes())).toEqual([])
  await stack.restartRuntime()
  return performance.now() - killedAt
}

/** Hashes of bytes that an endpoint was handed and that no log has. */
function bytesWithoutLog(logged: ReadonlySet<string>): readonly string[] {
  return [...sentThrough([...faulty.proxies, ...faulty.hidden]).keys()].filter((hash) => !logged.has(hash))
}

async function untilFinal(
  client: Client,
  payments: readonly Payment[],
): Promise<readonly TransferDocument[]> {
  return inChunks(payments, ({ id }) => client.untilFinal(id))
}

async function expectPaidOnce(
  payments: readonly Payment[],
  documents: readonly TransferDocument[],
  logs: SignerLogs,
): Promise<void> {
  const chain = new Chain(faulty.stack)
  expect(await brokenPromises(chain, payments, documents)).toEqual([])
  // The chain has used the nonces that the logs gave away, and no others.
  for (const [signer, nonce] of logs.nextNonces()) expect(await chain.transactionCount(signer)).toBe(nonce)
}

async function expectLogsVerify(client: Client, payments: readonly Payment[]): Promise<void> {
  await inChunks(payments, async ({ id }) => {
    const { body } = await client.call('GET', `/v1/transfers/${id}/wal`)
    const wal = walDocument.parse(body)
    const verified = verifyGroups(emptyPosition({ class: wal.class, object: wal.object }), wal.groups)
    expect(verified.ok && headOf(verified.value)).toEqual(wal.head)
  })
}

type Run = {
  readonly payments: readonly Payment[]
  readonly documents: readonly TransferDocument[]
  readonly recoveries: readonly number[]
  readonly settledMs: number
  readonly logs: SignerLogs
}

function report({ payments, documents, recoveries, settledMs, logs }: Run): void {
  const sorted = recoveries.toSorted((a, b) => a - b)
  const at = (share: number) => `${Math.round(sorted[Math.floor(sorted.length * share)] ?? 0)} ms`
  const ends = Object.entries(Object.groupBy(documents, ({ status }) => status))
  console.info(
    [
      `kills: ${recoveries.length}, restart p50 ${at(0.5)}, p99 ${at(0.99)}`,
      `transfers: ${payments.length} (${ends.map(([status, of]) => `${status} ${of?.length}`).join(', ')})`,
      `all final ${Math.round(settledMs)} ms after the last kill; bytes sent: ${sentThrough(faulty.proxies).size}`,
      `slots: ${['reserved', 'batched', 'delegating', 'replacing', 'recalled'].map((kind) => `${kind} ${logs.counts().get(kind) ?? 0}`).join(', ')}`,
      `faults: ${JSON.stringify(countsOf(faulty.proxies))}`,
    ].join('\n'),
  )
}

/** Chooses the moment of a kill; nothing is waited for. */
function pause(durationMs: number): Promise<void> {
  return new Promise((resolve) =>
    AbortSignal.timeout(Math.round(durationMs)).addEventListener('abort', () => resolve()),
  )
}
