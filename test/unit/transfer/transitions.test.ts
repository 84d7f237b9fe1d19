// Guarantee: a record is written only in the phases that the table allows, and leads where the table says; and the page
// that clients and developers read names the same phases, records and words as the code.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { InvariantError } from '../../../src/shared/lib/assert.ts'
import { evolve } from '../../../src/shared/transfer/evolve.ts'
import { TRANSFER_RECORD_KINDS, type TransferRecord } from '../../../src/shared/transfer/records.ts'
import {
  type ExistingTransfer,
  NO_TRANSFER,
  statusOf,
  type TransferState,
} from '../../../src/shared/transfer/state.ts'
import { FAILURES, HOLD_REASONS, isFinal } from '../../../src/shared/transfer/status.ts'
import { PHASES, type Phase, TRANSITIONS } from '../../../src/shared/transfer/transitions.ts'
import { requestOf, SIGNER, START, TENANT, transferIdOf } from '../../support/domain-values.ts'
import { holds } from '../../support/property.ts'
import { transferRecords } from '../../support/record-arbitraries.ts'
import { specTable, specText } from '../../support/spec-table.ts'
import { attempt, inclusionIn, NONCE } from '../../support/standings.ts'

const by = fc.oneof(
  fc.constant({ source: 'queue' } as const),
  fc.record({ source: fc.constant('signer' as const), view: fc.nat() }),
)

describe.each(PHASES)('in phase %s', (phase) => {
  test.each(TRANSFER_RECORD_KINDS.map((kind) => [kind, TRANSITIONS[phase][kind]] as const))(
    '%s leads to %s',
    (kind, next) => {
      holds(
        fc.property(transferRecords[kind], by, (record, cause) => {
          const turn = { at: START, by: cause }
          const told = inSlot(record)
          if (next === null) expect(() => evolve(stateIn(phase), told, turn)).toThrow(InvariantError)
          else expect(evolve(stateIn(phase), told, turn).phase).toBe(next)
        }),
        5,
      )
    },
  )
})

test('what is final is followed by nothing', () => {
  for (const phase of PHASES) {
    const state = stateIn(phase)
    const isEnd = Object.values(TRANSITIONS[phase]).every((next) => next === null)
    expect(isEnd, phase).toBe(state.phase !== 'none' && isFinal(statusOf(state)))
  }
})

/** Of a generation. */
const BEGINNINGS: ReadonlySet<string> = new Set(['closed', 'unbound', 'retried'])

test('only closed, unbound and retried begin a new generation, and they forget all that belonged to the old slot', () => {
  for (const phase of PHASES) {
    for (const kind of TRANSFER_RECORD_KINDS) {
      if (TRANSITIONS[phase][kind] === null || kind === 'accepted' || kind === 'bound') continue
      const before = stateIn(phase)
      const [record] = fc.sample<TransferRecord>(transferRecords[kind], { numRuns: 1, seed: 1 })
      if (record === undefined || before.phase === 'none') throw new Error('a record')
      const after = evolve(before, inSlot(record), { at: START, by: { source: 'queue' } })
      if (after.phase === 'none') throw new Error('a transfer')
      expect(after.generation - before.generation, `${phase} ${kind}`).toBe(BEGINNINGS.has(kind) ? 1 : 0)
      if (BEGINNINGS.has(kind)) expect(after).not.toHaveProperty('slot')
    }
  }
})

test('a second attempt joins the slot of the first; one of another nonce is no attempt for it', () => {
  const turn = { at: START, by: { source: 'queue' } } as const
  for (const phase of ['signed', 'broadcast', 'unclear'] as const) {
    const second: TransferRecord = { kind: 'signed', nonce: NONCE, attempt: attempt(1) }
    expect(evolve(stateIn(phase), second, turn)).toMatchObject({
      phase,
      slot: { nonce: NONCE, attempts: [attempt(0), attempt(1)] },
    })
    expect(() => evolve(stateIn(phase), { ...second, nonce: NONCE + 1 }, turn)).toThrow(InvariantError)
  }
})

describe('SPEC.md', () => {
  test('describes every phase, with its public status', () => {
    const rows = specTable('transfer', 'Phases')
    expect(rows.map(([name]) => name)).toEqual(PHASES)
    for (const [name, status] of rows) {
      const state = stateIn(PHASES.find((phase) => phase === name) ?? 'none')
      if (state.phase !== 'none') expect(status, name).toBe(statusOf(state))
    }
  })

  test('describes every record, and names a phase that it can lead to', () => {
    const rows = specTable('transfer', 'Records')
    expect(rows.map(([name]) => name)).toEqual(TRANSFER_RECORD_KINDS)
    for (const [name, , leadsTo] of rows) {
      const kind = TRANSFER_RECORD_KINDS.find((known) => known === name) ?? 'accepted'
      const targets = PHASES.flatMap((phase) => TRANSITIONS[phase][kind] ?? [])
      const isNamed = leadsTo === 'unchanged' || targets.some((target) => leadsTo?.startsWith(target))
      expect(isNamed, `${name} leads to ${leadsTo}`).toBe(true)
    }
  })

  test('lists every hold reason and every failure', () => {
    const listed = (title: string) => {
      const [, list = ''] = new RegExp(`${title}: ([^.]*)\\.`).exec(specText('transfer')) ?? []
      return [...list.matchAll(/`(\w+)`/g)].map(([, word]) => word)
    }
    expect(listed('Hold reasons')).toEqual(HOLD_REASONS)
    expect(listed('Failures')).toEqual(FAILURES)
  })
})

/** An attempt must be of the slot that is there. */
function inSlot(record: TransferRecord): TransferRecord {
  return record.kind === 'signed' ? { ...record, nonce: NONCE } : record
}

function stateIn(phase: Phase): TransferState {
  if (phase === 'none') return NO_TRANSFER
  const base = baseState()
  const slot = { nonce: NONCE, attempts: [attempt()], number: null, cap: null }
  const inclusion = inclusionIn(100)
  switch (phase) {
    case 'accepted':
    case 'expired':
    case 'canceled':
      return { ...base, phase }
    case 'bound':
    case 'queued':
      return { ...base, phase, signer: SIGNER }
    case 'held':
      return { ...base, phase, signer: SIGNER, reason: 'funds' }
    case 'signed':
    case 'broadcast':
    case 'unclear':
      return { ...base, phase, signer: SIGNER, slot }
    case 'mined':
    case 'confirmed':
    case 'finalized':
      return { ...base, phase, signer: SIGNER, slot, inclusion }
    case 'failed':
      return { ...base, phase, signer: SIGNER, slot, inclusion, failure: 'reverted' }
  }
}

function baseState(): Omit<Extract<ExistingTransfer, { phase: 'accepted' }>, 'phase'> {
  return {
    id: transferIdOf(1),
    tenant: TENANT,
    fingerprint: 'f',
    request: requestOf(),
    created_at: START,
    updated_at: START,
    generation: 0,
    retries: 0,
    speed_up: null,
    seen_view: 0,
    withdrawal: null,
  }
}
