// Guarantee: whatever a signer, a chain or a transfer lived through, its state after an eviction is what it was, from a
// checkpoint and segments as from the bare log.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createChainJournal, openChainJournal } from '../../../src/durable-objects/chain/chain-journal.ts'
import { createSignerJournal, openSignerJournal } from '../../../src/durable-objects/signer/signer-journal.ts'
import type { Storage } from '../../../src/durable-objects/sqlite/storage.ts'
import {
  createTransferJournal,
  openTransferJournal,
} from '../../../src/durable-objects/transfer/transfer-journal.ts'
import type { Journal } from '../../../src/durable-objects/wal/journal.ts'
import type { KeepingOptions } from '../../../src/durable-objects/wal/keeping.ts'
import { assertDefined } from '../../../src/shared/lib/assert.ts'
import { stringifyTagged } from '../../../src/shared/lib/tagged-json.ts'
import { addMs, MINUTE_MS } from '../../../src/shared/lib/time.ts'
import { ChainFollower } from '../../support/chain-follower.ts'
import { CHAIN, SIGNER, START, transferIdOf } from '../../support/domain-values.ts'
import { NaiveChain } from '../../support/naive-chain.ts'
import { nodeStorage } from '../../support/node-storage.ts'
import { holds } from '../../support/property.ts'
import { SignerWorld } from '../../support/signer-world.ts'
import { signerMoves } from '../../support/signer-world-moves.ts'
import { moves } from '../../support/transfer-moves.ts'
import { TransferWorld } from '../../support/transfer-world.ts'

/** Milliseconds. */
const TIMEOUT_MS = 60_000
const RUNS = 25
/** So that every time it keeps house, it does all of it. */
const KEEPING: KeepingOptions = {
  profile: { name: 'latency', checkpointRecords: 100, segmentBytes: 1, quality: 1 },
  now: () => 0,
}
const QUEUE = { source: 'queue' } as const

/** After which records it keeps house. */
const housekeeping = fc.array(fc.nat(60), { minLength: 1, maxLength: 3 })

test(
  'a signer',
  () => {
    holds(
      fc.property(signerMoves, housekeeping, (given, keptAt) => {
        const world = new SignerWorld({ isInStep: true })
        for (const move of given) world.move(move)
        expectSame(
          (storage) => createSignerJournal(storage, SIGNER, KEEPING),
          openSignerJournal,
          world.bench.log.map(({ record, at }) => ({ record, turn: { at, by: QUEUE } })),
          keptAt,
          world.bench.state,
        )
      }),
      RUNS,
    )
  },
  TIMEOUT_MS,
)

test(
  'a transfer',
  () => {
    const deadline = addMs(START, MINUTE_MS)
    holds(
      fc.property(moves, housekeeping, (given, keptAt) => {
        const world = new TransferWorld({ strangers: true, cancels: true, confirmations: 2, deadline })
        for (const move of given) world.move(move)
        expectSame(
          (storage) => createTransferJournal(storage, transferIdOf(1), KEEPING),
          openTransferJournal,
          world.log,
          keptAt,
          world.transfer,
        )
      }),
      RUNS,
    )
  },
  TIMEOUT_MS,
)

test(
  'a chain',
  () => {
    const steps = fc.array(fc.nat(9), { minLength: 5, maxLength: 30 })
    holds(
      fc.property(steps, housekeeping, (given, keptAt) => {
        const follower = chainThat(given)
        expectSame(
          (storage) => createChainJournal(storage, CHAIN, KEEPING),
          openChainJournal,
          follower.records.map((record) => ({ record, turn: { at: START, by: { source: 'chain' } } })),
          keptAt,
          follower.state,
        )
      }),
      RUNS,
    )
  },
  TIMEOUT_MS,
)

type Logged<State, Entry> = {
  readonly record: Entry
  readonly turn: Parameters<Journal<State, Entry>['commit']>[1]
}

/** Both with the house kept on the way, and not. */
function expectSame<State, Entry>(
  create: (storage: Storage) => Journal<State, Entry>,
  open: (storage: Storage) => Journal<State, Entry> | null,
  log: readonly Logged<State, Entry>[],
  keptAt: readonly number[],
  state: State,
): void {
  const [kept, bare] = [nodeStorage(), nodeStorage()]
  const [one, other] = [create(kept), create(bare)]
  const places = new Set(keptAt.map((place) => place % log.length))
  for (const [index, { record, turn }] of log.entries()) {
    one.commit([record], turn)
    other.commit([record], turn)
    if (places.has(index)) one.maintain()
  }
  // At least where it was asked to: where its tail grew long, it did so itself.
  const checkpoint = one.report().checkpoint.seq
  expect(checkpoint).toBeGreaterThan(Math.max(...places))
  expect(one.wal.head).toEqual(other.wal.head)
  for (const journal of [one, other]) expect(journal.state).toEqual(state)
  for (const storage of [kept, bare]) {
    const again = assertDefined(open(storage), 'a log')
    expect(again.state).toEqual(state)
    // With the order of maps: it says who comes first.
    expect(stringifyTagged(again.state)).toBe(stringifyTagged(state))
    expect(again.verify()).toBeNull()
  }
  const again = assertDefined(open(kept), 'a log')
  expect(again.state).toEqual(state)
  expect(again.report().recovery?.records).toBe(log.length - checkpoint)
}

/** A chain that was followed through blocks, reorgs and finality. */
function chainThat(steps: readonly number[]): ChainFollower {
  const chain = new NaiveChain()
  const follower = new ChainFollower(chain).watch(SIGNER)
  follower.look()
  for (const step of steps) {
    const final = follower.state.finalized?.number ?? 0
    if (step < 5) chain.mine([])
    else if (step < 7) follower.finalize(chain.refAt(chain.head.number))
    else {
      chain.undo(Math.min(step - 6, chain.head.number - final))
      chain.mine([])
      chain.mine([])
    }
    follower.look()
  }
  return follower
}
