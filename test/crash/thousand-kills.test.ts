// SIGKILL of the whole runtime, again and again, while many transfers of one kind are under way behind endpoints that lie,
// lag and break: from one account that batches, and from plain ones; three in ten are wanted back while their bytes are
// out. In the end nobody who was canceled is paid, everybody else is, once; the lines are dense, and every batch has left
// its word.
//
// 20 of each kind with two kills; WAYBILL_TRANSFERS asks for more, such as the whole 1,000, and then there are more kills.
// Seed and counts are printed.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { expectBooksAgree } from '../support/books.ts'
import { Chain } from '../support/chain.ts'
import { Client } from '../support/client.ts'
import { NODE_RULES } from '../support/fault-proxy/node-rules.ts'
import { MODERATE_WEATHER } from '../support/fault-weather.ts'
import { countsOf, type FaultyStack, sentThrough, startFaultyStack } from '../support/faulty-stack.ts'
import { brokenPromises, type Cancel, inChunks, Payer } from '../support/payments.ts'
import { randomFrom, seedOfRun } from '../support/random.ts'
import { SignerLogs } from '../support/signer-logs.ts'

const TRANSFERS = Number(process.env.WAYBILL_TRANSFERS ?? 20)
/** A runtime that is killed sooner does little. */
const TRANSFERS_PER_KILL = 40
const KILLS = Math.max(2, Math.ceil(TRANSFERS / TRANSFERS_PER_KILL))
/** A plain account's transactions go 16 to a block. */
const PLAIN_SIGNERS = 8
const THREE_IN_TEN: readonly Cancel[] = [
  ...(['none', 'in_slot', 'none', 'none', 'in_slot'] as const),
  ...(['none', 'none', 'in_slot', 'none', 'none'] as const),
]
/** Milliseconds that the runtime lives: from the first requests to a few blocks. */
const LIFE_LEAST_MS = 300
const LIFE_MOST_MS = 2_000
/** Milliseconds until a transfer is given up: a few seconds for each kill, then at least two transfers a second. */
const WAIT_MS = 60_000 + KILLS * 8_000 + TRANSFERS * 500
/** And for one test: so much later that it says which transfer it waits for. */
const LIMIT_MS = WAIT_MS + 90_000

type Kind = { readonly signers: number; readonly delegateFrom?: null }

let stateDir: string

beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), 'waybill-thousand-kills-'))
})

afterEach(() => rmSync(stateDir, { recursive: true, force: true }))

test(
  `${TRANSFERS} transfers from one account that batches, ${KILLS} kills`,
  async () => {
    const { batches } = await runAll({ signers: 1 })
    expect(batches).toBeGreaterThan(0)
  },
  LIMIT_MS,
)

test(
  `${TRANSFERS} transfers from ${PLAIN_SIGNERS} accounts that do not, ${KILLS} kills`,
  async () => {
    const { batches } = await runAll({ signers: PLAIN_SIGNERS, delegateFrom: null })
    expect(batches).toBe(0)
  },
  LIMIT_MS,
)

async function runAll({ signers, ...chainOptions }: Kind) {
  const seed = seedOfRun('thousand-kills')
  const random = randomFrom(seed)
  const tenants = [{ id: 'dev', keys: ['admin'] as const, signers }]
  const faulty = await startFaultyStack({ stateDir, tenants, ...chainOptions }, random)
  try {
    const { stack, proxies } = faulty
    for (const proxy of proxies) {
      proxy.setFaults(...MODERATE_WEATHER)
      proxy.enforce(...NODE_RULES)
    }
    const [client, chain, logs] = [
      new Client(stack, WAIT_MS),
      new Chain(stack),
      new SignerLogs(stack.dir.runtimeDir),
    ] as const
    const payer = new Payer(stack, client, `thousand-kills-${seed}`, THREE_IN_TEN, WAIT_MS)
    const startedAt = performance.now()
    payer.begin(TRANSFERS)
    const restarts = await killAll(faulty, logs, random)
    const payments = await payer.all()
    const documents = await inChunks(payments, ({ id }) => client.untilFinal(id))
    const ends = Object.entries(Object.groupBy(documents, ({ status }) => status))
    const kinds = ['recalled', 'replacing', 'delegating', 'batched', 'reserved']
    const sorted = restarts.toSorted((one, other) => one - other)
    console.info(
      [
        `${TRANSFERS} transfers from ${signers} accounts, ${restarts.length} kills: all final after ${Math.round(performance.now() - startedAt)} ms`,
        `restarts: p50 ${Math.round(sorted[sorted.length >> 1] ?? 0)} ms, longest ${Math.round(sorted.at(-1) ?? 0)} ms`,
        `ends: ${ends.map(([status, of]) => `${status} ${of?.length}`).join(', ')}`,
        `slots: ${kinds.map((kind) => `${kind} ${logs.counts().get(kind) ?? 0}`).join(', ')}`,
        `faults: ${JSON.stringify(countsOf(proxies))}`,
      ].join('\n'),
    )
    expect(await brokenPromises(chain, payments, documents)).toEqual([])
    expect(bytesWithoutLog(faulty, logs)).toEqual([])
    return { batches: await expectBooksAgree(chain, logs) }
  } finally {
    await faulty.stop()
  }
}

/** Milliseconds from each kill until it answers again. */
async function killAll(
  faulty: FaultyStack,
  logs: SignerLogs,
  random: () => number,
): Promise<readonly number[]> {
  const restarts: number[] = []
  while (restarts.length < KILLS) {
    await pause(LIFE_LEAST_MS + random() * (LIFE_MOST_MS - LIFE_LEAST_MS))
    const killedAt = performance.now()
    await faulty.stack.killRuntime()
    expect(bytesWithoutLog(faulty, logs)).toEqual([])
    await faulty.stack.restartRuntime()
    restarts.push(performance.now() - killedAt)
  }
  return restarts
}

/** Hashes of bytes that an endpoint was handed and that no log has. */
function bytesWithoutLog({ proxies }: FaultyStack, logs: SignerLogs): readonly string[] {
  const logged = logs.signedHashes()
  return [...sentThrough(proxies).keys()].filter((hash) => !logged.has(hash))
}

/** Chooses the moment of a kill; nothing is waited for. */
function pause(durationMs: number): Promise<void> {
  return new Promise((resolve) =>
    AbortSignal.timeout(Math.round(durationMs)).addEventListener('abort', () => resolve()),
  )
}
