// Whatever the network does between the actor and the page, the page shows each record once and in order.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type LiveCursor, type LiveRecord, receive } from '../../../src/dashboard/live/live-cursor.ts'
import type { LiveMessage } from '../../../src/shared/schema/live-message.ts'

const TRANSFER = 'tr_a'

function record(seq: number): LiveRecord {
  const at = '2026-01-01T00:00:00.000Z'
  const by = { source: 'queue' as const }
  return {
    type: 'record',
    transfer: TRANSFER,
    seq,
    at,
    by,
    status: 'queued',
    status_reason: null,
    record: { kind: 'queued' },
  }
}

function live(seq: number): LiveMessage {
  return { type: 'live', transfer: TRANSFER, seq }
}

describe('receive', () => {
  it('shows each record once and in order, over cuts, doubled and lost messages', () => {
    const fate = fc.constantFrom('arrives', 'is lost', 'comes twice', 'is cut')
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.infiniteStream(fate), (length, fates) => {
        const shown: number[] = []
        let cursor: LiveCursor = 0
        // Each turn is one connection: the replay after the cursor, then `live`, until something makes it end.
        for (let connection = 0; connection < 500 && shown.length < length; connection += 1) {
          connected: for (const message of [...replay(cursor, length), live(length)]) {
            const { value } = fates.next()
            if (value === 'is cut') break
            if (value === 'is lost') continue
            for (let times = value === 'comes twice' ? 2 : 1; times > 0; times -= 1) {
              const reception = receive(TRANSFER, cursor, message)
              if (reception.does === 'replay') break connected
              expect(reception.does).not.toBe('restart')
              if (reception.does !== 'take') continue
              cursor = reception.cursor
              shown.push(reception.record.seq)
            }
          }
        }
        expect(shown).toEqual(Array.from({ length: shown.length }, (_, index) => index + 1))
      }),
    )
  })

  it('reaches the end when the network lets it', () => {
    let cursor: LiveCursor = 0
    for (const message of replay(cursor, 9)) {
      const reception = receive(TRANSFER, cursor, message)
      if (reception.does === 'take') cursor = reception.cursor
    }
    expect(cursor).toBe(9)
    expect(receive(TRANSFER, cursor, live(9)).does).toBe('live')
  })

  it('does not go live with a record missing', () => {
    expect(receive(TRANSFER, 3, live(5)).does).toBe('replay')
    expect(receive(TRANSFER, 3, record(5)).does).toBe('replay')
  })

  it('reads a log that became shorter from its beginning', () => {
    expect(receive(TRANSFER, 5, live(3)).does).toBe('restart')
  })

  it('takes nothing of another transfer', () => {
    expect(receive('tr_b', 0, record(1)).does).toBe('drop')
  })
})

function* replay(after: LiveCursor, length: number): Generator<LiveRecord> {
  for (let seq = after + 1; seq <= length; seq += 1) yield record(seq)
}
