// Guarantee: behind endpoints that lie, lag and break, and enforce what real nodes do, each of many transfers ends once: paid
// exactly once, or canceled and not paid. From one account that batches, with three in ten canceled while their bytes are
// out; and from plain ones.
//
// 150 of each kind; WAYBILL_TRANSFERS asks for more, such as the whole 1,000. Seed and counts are printed.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { TransferDocument } from '../../src/shared/schema/transfer-document.ts'
import { expectBooksAgree } from '../support/books.ts'
import { Chain } from '../support/chain.ts'
import { Client } from '../support/client.ts'
import { NODE_RULES } from '../support/fault-proxy/node-rules.ts'
import { MODERATE_WEATHER } from '../support/fault-weather.ts'
import { countsOf, startFaultyStack } from '../support/faulty-stack.ts'
import { brokenPromises, type Cancel, inChunks, Payer, type Payment } from '../support/payments.ts'
import { randomFrom, seedOfRun } from '../support/random.ts'
import { SignerLogs } from '../support/signer-logs.ts'

const TRANSFERS = Number(process.env.WAYBILL_TRANSFERS ?? 150)
/** A plain account's transactions go 16 to a block. */
const PLAIN_SIGNERS = 8
/** Seconds between blocks: where cancels race them, so long that some cancels come first on a busy machine. */
const CANCELED_BLOCK_TIME_S = 3
const THREE_IN_TEN: readonly Cancel[] = [
  ...(['none', 'in_slot', 'none', 'none', 'in_slot'] as const),
  ...(['none', 'none', 'in_slot', 'none', 'none'] as const),
]
/** Milliseconds for one test: a start, then at least some ten transfers a second. */
const LIMIT_MS = 120_000 + TRANSFERS * 200
const SECOND_MS = 1_000

let stateDir: string

beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), 'waybill-thousand-'))
})

afterEach(() => rmSync(stateDir, { recursive: true, force: true }))

test(
  `${TRANSFERS} transfers from one account that batches, three in ten canceled in flight`,
  async () => {
    const run = await runAll({ signers: 1, blockTimeS: CANCELED_BLOCK_TIME_S, cancels: THREE_IN_TEN })
    expect(run.batches).toBeGreaterThan(0)
    expect(run.slots).toBeLessThan(TRANSFERS)
    expect(run.canceled).toBeGreaterThan(0)
  },
  LIMIT_MS,
)

test(
  `${TRANSFERS} transfers from ${PLAIN_SIGNERS} accounts that do not`,
  async () => {
    const run = await runAll({ signers: PLAIN_SIGNERS, delegateFrom: null, cancels: ['none'] })
    expect([run.slots, run.batches, run.canceled]).toEqual([TRANSFERS, 0, 0])
  },
  LIMIT_MS,
)

type Kind = {
  readonly signers: number
  /** Default: as a deployment has it. */
  readonly delegateFrom?: null
  readonly blockTimeS?: number
  readonly cancels: readonly Cancel[]
}

async function runAll({ signers, cancels, ...chainOptions }: Kind) {
  const seed = seedOfRun('thousand-transfers')
  const tenants = [{ id: 'dev', keys: ['admin'] as const, signers }]
  const faulty = await startFaultyStack({ stateDir, tenants, ...chainOptions }, randomFrom(seed))
  try {
    const { stack, proxies } = faulty
    for (const proxy of proxies) {
      proxy.setFaults(...MODERATE_WEATHER)
      proxy.enforce(...NODE_RULES)
    }
    const [client, chain, logs] = [
      // Those at the end of the line wait for all before them.
      new Client(stack, LIMIT_MS),
      new Chain(stack),
      new SignerLogs(stack.dir.runtimeDir),
    ] as const
    const payer = new Payer(stack, client, `thousand-${seed}`, cancels, LIMIT_MS)
    const startedAt = performance.now()
    payer.begin(TRANSFERS)
    const payments = await payer.all()
    const documents = await inChunks(payments, ({ id }) => client.untilFinal(id))
    report(payments, documents, performance.now() - startedAt)
    expect(await brokenPromises(chain, payments, documents)).toEqual([])
    const batches = await expectBooksAgree(chain, logs)
    const slots = [...logs.nextNonces().values()].reduce((sum, nonce) => sum + nonce, 0)
    const kinds = ['recalled', 'replacing', 'delegating'].map(
      (kind) => `${kind} ${logs.counts().get(kind) ?? 0}`,
    )
    console.info(`slots: ${slots}, batches: ${batches}, ${kinds.join(', ')}`)
    console.info(`faults: ${JSON.stringify(countsOf(proxies))}`)
    return { slots, batches, canceled: documents.filter(({ status }) => status === 'canceled').length }
  } finally {
    await faulty.stop()
  }
}

function report(payments: readonly Payment[], documents: readonly TransferDocument[], ms: number): void {
  const ends = Object.entries(Object.groupBy(documents, ({ status }) => status))
  const answers = Object.entries(Object.groupBy(payments, ({ cancelAnswer }) => String(cancelAnswer)))
  const perSecond = (payments.length * SECOND_MS) / ms
  console.info(
    [
      `${payments.length} transfers in ${Math.round(ms)} ms: ${perSecond.toFixed(1)} each second, all final`,
      `ends: ${ends.map(([status, of]) => `${status} ${of?.length}`).join(', ')}`,
      `cancels answered: ${answers.map(([answer, of]) => `${answer} ${of?.length}`).join(', ')}`,
    ].join('\n'),
  )
}
