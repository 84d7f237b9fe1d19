// Guarantee (I10): a signer that comes back as an old copy of itself signs nothing and broadcasts nothing, because its
// chain remembers a head that the copy does not have. And one whose witness cannot answer waits.

import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { localChainPolicy } from '../../../scripts/dev/local-chain.ts'
import { SignerEngine } from '../../../src/durable-objects/signer/signer-engine.ts'
import { isLater, type WitnessAnswer, type Witnessed } from '../../../src/shared/chain/witness.ts'
import { addMs } from '../../../src/shared/lib/time.ts'
import { blockHashOf, CHAIN, hexOf, SIGNER, START, TENANT, txHashOf } from '../../support/domain-values.ts'
import { NO_ARCHIVE } from '../../support/no-archive.ts'
import { type NodeStorage, nodeStorage } from '../../support/node-storage.ts'
import { admission } from '../../support/signer-bench.ts'

const NAME = { chain: CHAIN, address: SIGNER, tenant: TENANT }

/** What a chain's object does as a witness. */
class Witness {
  remembered: Witnessed | null = null

  show(head: Witnessed): WitnessAnswer {
    const before = this.remembered
    if (isLater(before, head)) this.remembered = head
    return before
  }
}

function engineOn(storage: NodeStorage, show: (head: Witnessed) => WitnessAnswer) {
  const signed: number[] = []
  const events: string[] = []
  const engine = new SignerEngine({
    storage,
    archive: NO_ARCHIVE,
    now: () => addMs(START, 0),
    signer: {
      holds: () => true,
      sign: async (_, { nonce }) => {
        signed.push(nonce)
        return { ok: true, value: { hash: txHashOf(nonce + 1), raw: hexOf(`0x0${nonce}`) } }
      },
      signBatch: () => Promise.reject(new Error('nobody asks')),
    },
    policy: () => ({ ...localChainPolicy(1, null), chain: CHAIN }),
    watch: async () => ({ result: 'following', since: 0 }),
    chainFacts: () => Promise.reject(new Error('nobody asks')),
    account: async (_, { estimates }) => ({
      ok: true,
      value: {
        operator: 'alpha',
        account: { ...account(), estimates: estimates.map(() => ({ ok: true, gas: 21_000n })) },
      },
    }),
    witness: async (_policy, _signer, head) => show(head),
    feeGuide: async () => null,
    carrier: () => {
      throw new Error('nobody carries')
    },
    broadcast: async () => [],
    tell: async () => ({ acknowledged: false, outbox: null }),
    carry: async () => {},
    background: () => {},
    log: (event) => events.push(event),
    linger: async () => {},
  })
  return { engine, signed, events }
}

test('an old copy of a signer signs nothing, hands out nothing, and says that it is one', async () => {
  const witness = new Witness()
  const storage = nodeStorage()
  const first = engineOn(storage, (head) => witness.show(head))
  await first.engine.admit(NAME, [admission(1)])
  const copy = copyOf(storage)
  const after = await first.engine.admit(NAME, [admission(2)])
  expect([first.signed, after.attempts.map(({ nonce }) => nonce)]).toEqual([[0, 1], [1]])

  const old = engineOn(copy, (head) => witness.show(head))
  const reply = await old.engine.admit(NAME, [admission(3)])
  expect([old.signed, reply.attempts]).toEqual([[], []])
  expect(old.events).toContain('log.damaged')
  const again = await old.engine.admit(NAME, [admission(4)])
  expect(again.answers).toMatchObject([{ result: 'refused', reason: 'fenced' }])
  expect(await old.engine.summary(NAME)).toMatchObject({ status: 'fenced' })
  expect(await old.engine.withdraw(NAME, admission(1).key, 'cancel')).toEqual({ result: 'fenced' })
})

test('a copy that has gone on by itself is known by its digest, whatever its length', async () => {
  const witness = new Witness()
  const storage = nodeStorage()
  await engineOn(storage, (head) => witness.show(head)).engine.admit(NAME, [admission(1)])
  const copy = copyOf(storage)
  // It has no witness for a while, and grows.
  await engineOn(copy, () => null).engine.admit(NAME, [admission(5), admission(6), admission(7)])
  await engineOn(storage, (head) => witness.show(head)).engine.admit(NAME, [admission(2)])
  const forked = engineOn(copy, (head) => witness.show(head))
  const reply = await forked.engine.admit(NAME, [admission(8)])
  expect([forked.signed, reply.attempts]).toEqual([[], []])
})

test('a signer whose witness vouches for nobody takes no step and signs nothing', async () => {
  const silent = engineOn(nodeStorage(), () => 'fenced')
  const reply = await silent.engine.admit(NAME, [admission(1)])
  expect(reply).toMatchObject({ answers: [{ result: 'refused', reason: 'fenced' }], attempts: [] })
  expect(silent.signed).toEqual([])
})

test('one whose witness falls silent keeps what it signed, and sends it when it vouches again', async () => {
  const storage = nodeStorage()
  const witness = new Witness()
  const shown: Witnessed[] = []
  const silent = engineOn(storage, (head) => (shown.push(head) > 1 ? 'fenced' : witness.show(head)))
  expect((await silent.engine.admit(NAME, [admission(1)])).attempts).toEqual([])
  expect(silent.signed).toEqual([0])
  const heard = engineOn(storage, (head) => witness.show(head))
  expect((await heard.engine.admit(NAME, [])).attempts).toMatchObject([{ nonce: 0 }])
})

test('nobody is told that a step was given back before the witness has seen it: no copy has it in its pool then', async () => {
  const storage = nodeStorage()
  const witness = new Witness()
  const { engine } = engineOn(storage, (head) => witness.show(head))
  expect(await engine.withdraw(NAME, admission(1).key, 'cancel')).toEqual({ result: 'withdrawn' })
  expect(witness.remembered?.seq).toBe((await engine.summary(NAME)).log?.records)
  const silent = engineOn(nodeStorage(), () => 'fenced')
  expect(await silent.engine.withdraw(NAME, admission(1).key, 'cancel')).toEqual({ result: 'fenced' })
})

test('an old copy gives no step back, takes no facts, and has no news, before it has asked', async () => {
  const storage = nodeStorage()
  const witness = new Witness()
  const first = engineOn(storage, (head) => witness.show(head))
  await first.engine.admit(NAME, [admission(1)])
  const copy = copyOf(storage)
  await first.engine.admit(NAME, [admission(2)])
  const old = engineOn(copy, (head) => witness.show(head))
  const facts = { view: 9, head: 100, inclusions: [], finalized: 99 }
  expect(old.engine.facts(facts)).toEqual({ isActive: true, settledBelow: 0 })
  expect((await old.engine.report(NAME, admission(1).key)).view).toBe(0)
  expect(await old.engine.withdraw(NAME, admission(2).key, 'cancel')).toEqual({ result: 'fenced' })
})

test('a signer that has lost its log, or the first record of it, is not forgotten by its chain', async () => {
  const facts = { view: 9, head: 100, inclusions: [], finalized: 99 }
  const lost = engineOn(nodeStorage(), () => null)
  expect(lost.engine.facts(facts)).toEqual({ isActive: true, settledBelow: 0 })
  const storage = nodeStorage()
  await engineOn(storage, () => null).engine.admit(NAME, [admission(1)])
  const copy = copyOf(storage)
  copy.sql.exec('DROP TRIGGER wal_never_changes')
  copy.sql.exec(`UPDATE wal SET leaves = '[]' WHERE seq <= 2`)
  const damaged = engineOn(copy, () => null)
  expect(damaged.engine.facts(facts)).toEqual({ isActive: true, settledBelow: 0 })
})

test('what leaves was in a head that the witness has', async () => {
  const storage = nodeStorage()
  const heads: number[] = []
  const { engine } = engineOn(storage, ({ seq }) => {
    heads.push(seq)
    return null
  })
  const { attempts } = await engine.admit(NAME, [admission(1)])
  const [signed] = storage.sql
    .exec(`SELECT MIN(seq) AS seq FROM wal WHERE leaves LIKE '%"kind":"signed"%'`)
    .toArray()
  expect(attempts).toHaveLength(1)
  expect(heads.at(-1)).toBeGreaterThanOrEqual(Number(signed?.seq))
})

function copyOf(storage: NodeStorage): NodeStorage {
  const copy = new DatabaseSync(':memory:')
  const statements = storage.sql
    .exec(`SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type = 'trigger'`)
    .toArray()
  for (const { sql } of statements) if (!String(sql).includes('sqlite_')) copy.exec(String(sql))
  for (const table of ['meta', 'wal']) {
    for (const row of storage.database.prepare(`SELECT * FROM ${table}`).all()) {
      const names = Object.keys(row)
      const places = names.map(() => '?').join(', ')
      copy
        .prepare(`INSERT INTO ${table} (${names.map((name) => `"${name}"`).join(', ')}) VALUES (${places})`)
        .run(...Object.values(row))
    }
  }
  return nodeStorage(copy)
}

function account() {
  return {
    at: { number: 1, hash: blockHashOf(1) },
    balance: 10n ** 18n,
    latest_nonce: 0,
    pending_nonce: 0,
    token_balances: [],
    code: { kind: 'none' as const },
    used: new Map(),
    fees: { next_base_fee: 9n, priority_fee: 2n },
    room: { gas_limit: 36_000_000n, gas_used: 0n },
  }
}
