// Guarantee: what is written can be read again. A value that its own schema does not read back is refused before it is in
// the log, for a log that cannot be replayed is an object that is lost.

import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { createSignerJournal, openSignerJournal } from '../../../src/durable-objects/signer/signer-journal.ts'
import {
  createTransferJournal,
  openTransferJournal,
} from '../../../src/durable-objects/transfer/transfer-journal.ts'
import type { Log } from '../../../src/shared/chain/receipt.ts'
import * as scalars from '../../../src/shared/schema/scalars.ts'
import { transferRequest } from '../../../src/shared/schema/transfer-request.ts'
import { TRANSFER_TOPIC } from '../../../src/shared/signer/evidence/evidence.ts'
import { settle } from '../../../src/shared/signer/evidence/settle.ts'
import {
  addressOf,
  hexOf,
  RECIPIENT,
  SIGNER,
  START,
  TENANT,
  transferIdOf,
} from '../../support/domain-values.ts'
import { nodeStorage } from '../../support/node-storage.ts'
import { admission, FIRST_NONCE, included, SignerBench } from '../../support/signer-bench.ts'

const TOKEN = addressOf(0x7)
const TURN = { at: START, by: { source: 'queue' } } as const
const word = (digits: string) => hexOf(`0x${digits.padStart(64, '0')}`)

test('an amount outside its range is not written', () => {
  for (const value of [-1n, scalars.UINT256_MAX + 1n])
    expect(() => z.encode(scalars.uint256, value)).toThrow()
})

describe('a time', () => {
  test('that has no RFC 3339 text in UTC is refused', () => {
    expect(scalars.time.safeParse('9999-12-31T23:59:59Z').success).toBe(true)
    expect(scalars.time.safeParse('9999-12-31T23:59:59-01:00').success).toBe(false)
  })

  test('in a request never makes a transfer that cannot be read again', () => {
    const body = {
      chain: 'eip155:31337',
      from: SIGNER,
      action: { type: 'native', to: RECIPIENT, amount: '1' },
      deadline: '9999-12-31T23:59:59-01:00',
    }
    const parsed = transferRequest.safeParse(body)
    if (!parsed.success) return
    const storage = nodeStorage()
    const journal = createTransferJournal(storage, transferIdOf(1))
    const accepted = {
      kind: 'accepted',
      transfer: transferIdOf(1),
      tenant: TENANT,
      fingerprint: 'f',
    } as const
    journal.commit([{ ...accepted, request: parsed.data }], TURN)
    expect(openTransferJournal(storage)?.state.phase).toBe('accepted')
  })
})

describe("a hostile token's logs", () => {
  test('whose amounts add up to more than an amount can be leave a signer that can be read again', () => {
    const bench = new SignerBench()
    bench.admitAll([admission(1, { action: { type: 'erc20', token: TOKEN, to: RECIPIENT, amount: 5n } })])
    bench.plan({ account: { token_balances: [5n] } })
    const most = word('f'.repeat(64))
    const log: Log = {
      address: TOKEN,
      topics: [hexOf(TRANSFER_TOPIC), word(SIGNER.slice(2)), word(RECIPIENT.slice(2))],
      data: most,
    }
    const inclusions = [included(FIRST_NONCE, 100, { logs: [log, log], to: TOKEN })]
    expectReplayable(bench, settle(bench.state, { view: 1, head: 100, inclusions, finalized: -1 }))
  })
})

test('a price that no amount can hold is refused before it is in the log', () => {
  const bench = new SignerBench()
  bench.admit(1)
  bench.plan()
  const change = { gas_used: 2n ** 200n, effective_gas_price: 2n ** 200n }
  const inclusions = [included(FIRST_NONCE, 100, change)]
  const records = settle(bench.state, { view: 1, head: 100, inclusions, finalized: -1 })
  const { storage, journal } = logged(bench)
  expect(() => journal.commit(records, TURN)).toThrow()
  expect(openSignerJournal(storage)?.state).toEqual(journal.state)
})

/** Written to a log and read again by another life of the object. */
function expectReplayable(bench: SignerBench, records: ReturnType<typeof settle>): void {
  const { storage, journal } = logged(bench)
  journal.commit(records, TURN)
  expect(openSignerJournal(storage)?.state).toEqual(journal.state)
}

function logged(bench: SignerBench) {
  const storage = nodeStorage()
  const journal = createSignerJournal(storage, 'signer')
  const records = bench.log.map(({ record }) => record)
  journal.commit(records, TURN)
  return { storage, journal }
}
