// Guarantee: the SPEC pages that people read say what the code does: the same phases, statuses, records and reasons, no
// word more and none less.

import { describe, expect, test } from 'vitest'
import { CHAIN_RECORD_KINDS, FENCE_REASONS } from '../../src/shared/chain/records.ts'
import { SIGNER_RECORD_KINDS } from '../../src/shared/signer/state/records.ts'
import { TRANSFER_RECORD_KINDS } from '../../src/shared/transfer/records.ts'
import { FAILURES, FINAL_STATUSES, HOLD_REASONS, STATUSES } from '../../src/shared/transfer/status.ts'
import { PHASES, type Phase, TRANSITIONS } from '../../src/shared/transfer/transitions.ts'
import { specTable, specText } from '../support/spec-table.ts'

const ACTORS = [
  ['transfer', TRANSFER_RECORD_KINDS],
  ['signer', SIGNER_RECORD_KINDS],
  ['chain', CHAIN_RECORD_KINDS],
] as const

/** A phase without a status: nothing was ever written. */
const NO_STATUS = '–'

describe.each(ACTORS)('the page of a %s', (actor, kinds) => {
  test('has every record of the code, and no other', () => {
    expect(namesOf(actor, 'Records')).toEqual(kinds)
  })

  test('tells of crashes after records that there are', () => {
    const rows = specTable(actor, 'What a crash leaves, and what takes it up')
    const records = rows.flatMap(([cell = '']) => cell.split(/, | to /))
    const known: readonly string[] = kinds
    expect(records.length).toBeGreaterThan(0)
    expect(records.filter((record) => !known.includes(record) && !record.startsWith('any'))).toEqual([])
  })
})

describe('phases of a transfer', () => {
  const phases = specTable('transfer', 'Phases')

  test('stand on the page and in the table of transitions', () => {
    expect(phases.map(([phase]) => phase)).toEqual(PHASES)
    expect(Object.keys(TRANSITIONS)).toEqual(PHASES)
  })

  test('have every public status between them, and no other', () => {
    const shown = phases.map(([, status]) => status).filter((status) => status !== NO_STATUS)
    expect([...new Set(shown)].sort()).toEqual([...STATUSES].sort())
  })

  test('are ends where nothing can follow, and the ends are the final statuses', () => {
    const ends = PHASES.filter((phase) => Object.values(TRANSITIONS[phase]).every((next) => next === null))
    expect(ends).toEqual(FINAL_STATUSES)
  })

  test('can all be reached', () => {
    const reached = new Set(PHASES.flatMap((phase) => Object.values(TRANSITIONS[phase])))
    expect(PHASES.filter((phase) => phase !== 'none' && !reached.has(phase))).toEqual([])
  })
})

test.each(PHASES)('the table of transitions has every record for the phase %s', (phase) => {
  expect(Object.keys(TRANSITIONS[phase]).sort()).toEqual([...TRANSFER_RECORD_KINDS].sort())
})

test.each(TRANSFER_RECORD_KINDS)('the record %s leads where the page says, and nowhere else', (kind) => {
  const cell = specTable('transfer', 'Records').find(([name]) => name === kind)?.[2] ?? ''
  const named = PHASES.filter((phase) => new RegExp(`\\b${phase}\\b`).test(cell))
  const moves = PHASES.map((phase) => ({ phase, next: TRANSITIONS[phase][kind] }))
  const isSaid = ({ phase, next }: { readonly phase: Phase; readonly next: Phase | null }) =>
    next === null || named.includes(next) || (next === phase && cell.includes('unchanged'))
  expect(moves.filter((move) => !isSaid(move))).toEqual([])
  expect(named.filter((phase) => !moves.some(({ next }) => next === phase))).toEqual([])
  if (cell.includes('unchanged')) expect(moves.some(({ phase, next }) => phase === next)).toBe(true)
})

test('reasons stand on the pages', () => {
  expect(listed('Hold reasons')).toEqual(HOLD_REASONS)
  expect(listed('Failures')).toEqual(FAILURES)
  const says = (actor: 'signer' | 'chain', kind: string) =>
    specText(actor)
      .split('\n')
      .find((line) => line.startsWith(`| \`${kind}\``)) ?? ''
  expect(wordsOf(says('chain', 'fenced')).slice(1)).toEqual(FENCE_REASONS)
  expect(HOLD_REASONS).toEqual(expect.arrayContaining(wordsOf(says('signer', 'held')).slice(1)))
})

function namesOf(actor: 'transfer' | 'signer' | 'chain', title: string): readonly string[] {
  return specTable(actor, title).map(([name = '']) => name)
}

/** Of a sentence of the transfer's page: `Title: a, b.` */
function listed(title: string): readonly string[] {
  const [, list = ''] = new RegExp(`${title}: ([^.]*)\\.`).exec(specText('transfer')) ?? []
  return wordsOf(list)
}

function wordsOf(text: string): readonly string[] {
  return [...text.matchAll(/`(\w+)`/g)].map(([, word = '']) => word)
}
