// One transfer on a chain that nobody used before, driven to its end by nothing but what the platform gives: the client
// that asks until it is answered, messages, alarms. The test decides when each of them comes.

import { createMessageBatch, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { vi } from 'vitest'
import { openSignerJournal } from '../../../src/durable-objects/signer/signer-journal.ts'
import { type ChainId, isChainId } from '../../../src/shared/chain/chain-id.ts'
import { assert } from '../../../src/shared/lib/assert.ts'
import { parseChainPolicies, parseEndpoints } from '../../../src/shared/schema/deployment.ts'
import type { TransferDocument } from '../../../src/shared/schema/transfer-document.ts'
import { isFinal } from '../../../src/shared/transfer/status.ts'
import worker from '../../../src/workers/main.ts'
import type { ChainAccount } from '../support/scripted-chain.ts'
import { TEST_SIGNER } from '../support/settings.ts'
import { newTransfer, TENANT, transferStub } from '../support/transfers.ts'
import { putForwardTo } from './clock.ts'
import { type CrashPlan, type Run, runs } from './crash-plan.ts'
import { consumerLife, lives, withWays } from './crashing-life.ts'

/** Rounds of all alarms until a run is given up: one without a crash takes about eight. */
const ROUNDS_MOST = 60
/** Milliseconds until a transfer must be at rest after its end (a fraction of a second, where the machine has time), and
 * between two looks. */
const REST_MS = 60_000
const REST_LOOK_MS = 25
/** Milliseconds. An alarm beyond this is that of the sealing: everything else comes within minutes. */
const SEALING_FAR_MS = 30 * 60_000
/** Tries of a client that gets no answer. */
const TRIES_MOST = 5

const references = parseChainPolicies(env.CHAINS).keys()

/** `stub`: a new one for each use. */
export type Alarms = (stub: () => DurableObjectStub) => Promise<void>

export class CrashRun {
  readonly chain: ChainId
  readonly transfer: ReturnType<typeof newTransfer>
  readonly run: Run

  constructor(plan: CrashPlan | null, changes: Record<string, unknown> = {}) {
    const chain = references.next().value
    assert(chain !== undefined && isChainId(chain), 'a chain that nobody used')
    this.chain = chain
    this.transfer = newTransfer({ chain, ...changes })
    this.run = { plan, submissions: [], events: [] }
    runs.set(chain, this.run)
    runs.set(this.transfer.id, this.run)
  }

  /** Stubs are made anew for each use: after a crash the old one stays broken. */
  get stubs() {
    return {
      transfer: env.TRANSFER.getByName(this.transfer.id),
      signer: env.SIGNER.getByName(`${this.chain}/${TEST_SIGNER}`),
      chain: env.CHAIN.getByName(this.chain),
    }
  }

  async create(): Promise<void> {
    const { id, input } = this.transfer
    await untilAnswered(() => transferStub(id).create(input, { source: 'queue' }))
  }

  /** Until it is in the pool and waits there. */
  async hold(between: () => Promise<void>): Promise<void> {
    await this.#rounds((document) => document.status === 'held', between, fireAlarm)
  }

  async cancel(command: string): Promise<void> {
    await untilAnswered(() => transferStub(this.transfer.id).cancel(TENANT, command, { source: 'queue' }))
  }

  /** Messages once, then the alarms of all; `between` looks on after each step. Answers the end. */
  drive(between: () => Promise<void>, alarms: Alarms = fireAlarm): Promise<TransferDocument> {
    return this.#rounds((document) => isFinal(document.status), between, alarms)
  }

  async #rounds(
    isThere: (document: TransferDocument) => boolean,
    between: () => Promise<void>,
    alarms: Alarms,
  ): Promise<TransferDocument> {
    for (let round = 0; round < ROUNDS_MOST; round++) {
      await this.deliver('submissions')
      await between()
      for (const actor of ['signer', 'chain', 'transfer'] as const) {
        await alarms(() => this.stubs[actor])
        await between()
      }
      await this.deliver('events')
      const document = await answered(() => transferStub(this.transfer.id).read(TENANT))
      if (document !== undefined && document !== null && isThere(document)) return document
    }
    throw new Error(
      `${this.transfer.id} on ${this.chain} does not end: ${JSON.stringify(await this.#standing())}`,
    )
  }

  /** Until the read model and the archive have the end: then nothing is left to do but to seal the log, an hour later. */
  async rest(): Promise<void> {
    await vi.waitUntil(
      async () => {
        await this.deliver('events')
        const next = await this.#alarmOfTransfer()
        if (next === null || next > Date.now() + SEALING_FAR_MS) return true
        await fireAlarm(() => this.stubs.transfer)
        return false
      },
      { interval: REST_LOOK_MS, timeout: REST_MS },
    )
  }

  #alarmOfTransfer(): Promise<number | null> {
    return untilAnswered(() =>
      runInDurableObject(this.stubs.transfer, (_object, { storage }) => storage.getAlarm()),
    )
  }

  /** `times`: a queue may deliver twice. What a consumer that was lost had in hand is delivered again. */
  async deliver(queue: 'submissions' | 'events', times = 1): Promise<void> {
    const bodies = this.run[queue].splice(0)
    if (bodies.length === 0) return
    for (let time = 0; time < times; time++) {
      const isDone = await this.#consume(queue, bodies)
      if (!isDone) this.run[queue].push(...bodies)
    }
  }

  async #consume(queue: string, bodies: readonly unknown[]): Promise<boolean> {
    const messages = bodies.map((body) => ({ id: crypto.randomUUID(), timestamp: 0, attempts: 1, body }))
    const lost = Promise.withResolvers<boolean>()
    const life = consumerLife(this.run, () => lost.resolve(false))
    const work = lives.run(life, async () => {
      await answered(() => worker.queue(createMessageBatch(queue, messages), withWays(env, life)))
      return true
    })
    return Promise.race([work, lost.promise])
  }

  /** What the chain saw. */
  async account(): Promise<ChainAccount> {
    const endpoint = parseEndpoints(env.RPC_ENDPOINTS).get(this.chain)?.[0]
    const response = await fetch(endpoint?.url ?? '')
    return response.json()
  }

  /** Hashes in the signer's log. */
  signedHashes(): Promise<readonly string[]> {
    return untilAnswered(() =>
      runInDurableObject(this.stubs.signer, (_object, state) => {
        const groups = [...(openSignerJournal(state.storage)?.wal.groups(0) ?? [])]
        return groups
          .flatMap(({ records }) => records)
          .flatMap((record) => (record.kind === 'signed' ? [record.attempt.hash] : []))
      }),
    )
  }

  async #standing(): Promise<unknown> {
    const transfer = await answered(() => transferStub(this.transfer.id).read(TENANT))
    return { status: transfer?.status, reason: transfer?.status_reason, account: await this.account() }
  }
}

/** At its time, when one is set. The platform repeats an alarm whose handler did not come to its end. */
export async function fireAlarm(stub: () => DurableObjectStub): Promise<void> {
  const due = await answered(() => runInDurableObject(stub(), (_object, { storage }) => storage.getAlarm()))
  if (due !== undefined && due !== null) putForwardTo(due)
  const fired = await answered(() => runDurableObjectAlarm(stub()))
  if (fired === undefined) await setAlarmAgain(stub)
}

async function setAlarmAgain(stub: () => DurableObjectStub): Promise<void> {
  await untilAnswered(() =>
    runInDurableObject(stub(), async (_object, { storage }) => {
      if ((await storage.getAlarm()) === null) await storage.setAlarm(Date.now() + 1)
    }),
  )
}

/** Undefined: it crashed. */
export async function answered<T>(call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call()
  } catch {
    return undefined
  }
}

/** As a client does: the same again, until there is an answer. */
export async function untilAnswered<T>(call: () => Promise<T>): Promise<T> {
  for (let attempt = 1; attempt < TRIES_MOST; attempt++) {
    try {
      return await call()
    } catch {
      // It crashed. The next one meets a new life.
    }
  }
  return call()
}
