// Guarantee (S5, S6): only bytes that are in the log leave; an answer that proves nothing makes a slot unclear, presence
// ends that, and what is no news is not written.

import { describe, expect, test } from 'vitest'
import { BROADCAST_CLASSES, type BroadcastClass } from '../../../src/shared/broadcast/outcome.ts'
import { addMs, type UnixMs } from '../../../src/shared/lib/time.ts'
import { attemptsOf, outcomes } from '../../../src/shared/signer/broadcasts.ts'
import { isDue } from '../../../src/shared/signer/offers/pacing.ts'
import { START, txHashOf } from '../../support/domain-values.ts'
import { FIRST_NONCE, hashOf, included, SignerBench } from '../../support/signer-bench.ts'

const BLOCK_TIME_MS = 2_000

/** One step, signed in slot 5. */
function signed(): SignerBench {
  const bench = new SignerBench()
  bench.admit(1)
  bench.plan()
  return bench
}

describe('what leaves', () => {
  test('is the newest signed bytes of each slot that is asked for, in nonce order', () => {
    const bench = signed()
    bench.admit(2, 3)
    bench.plan()
    bench.admit(4)
    bench.planOnly()
    expect(attemptsOf(bench.state, () => true).map(({ nonce, hash }) => [nonce, hash])).toEqual(
      [0, 1, 2].map((index) => [FIRST_NONCE + index, hashOf(FIRST_NONCE + index)]),
    )
    expect(attemptsOf(bench.state, ({ nonce }) => nonce === FIRST_NONCE + 1)).toEqual([
      {
        nonce: FIRST_NONCE + 1,
        hash: hashOf(FIRST_NONCE + 1),
        raw: '0x02',
        isRepeat: false,
        visibility: 'public',
      },
    ])
  })

  test('is known as handed out before, once an endpoint has answered to it', () => {
    const bench = signed()
    expect(attemptsOf(bench.state, () => true)).toMatchObject([{ isRepeat: false }])
    bench.sent(1, 'accepted')
    expect(attemptsOf(bench.state, () => true)).toMatchObject([{ isRepeat: true }])
  })

  test('is nothing of a slot that is only reserved', () => {
    const bench = new SignerBench()
    bench.admit(1)
    bench.planOnly()
    expect(attemptsOf(bench.state, () => true)).toEqual([])
    expect(isDue(bench.slot(1), START, BLOCK_TIME_MS, new Map())).toBe(false)
  })
})

describe('bytes go out', () => {
  const due = (bench: SignerBench, lastAgoMs: number | null): boolean => {
    const slot = bench.slot(1)
    const last: ReadonlyMap<ReturnType<typeof hashOf>, UnixMs> = lastAgoMs === null
      ? new Map()
      : new Map([[hashOf(FIRST_NONCE), addMs(bench.now, -lastAgoMs)]])
    return isDue(slot, bench.now, BLOCK_TIME_MS, last)
  }

  test('at once where this life of the object has not sent them', () => {
    expect(due(signed(), null)).toBe(true)
  })

  test('again after a block, while no node is known to have them', () => {
    const bench = signed().after(60_000)
    expect([due(bench, BLOCK_TIME_MS - 1), due(bench, BLOCK_TIME_MS)]).toEqual([false, true])
    bench.sent(1, 'unclear')
    expect([due(bench, BLOCK_TIME_MS - 1), due(bench, BLOCK_TIME_MS)]).toEqual([false, true])
  })

  test('again after some blocks, when a node has them: it may have dropped them', () => {
    const bench = signed().after(60_000)
    bench.sent(1, 'accepted')
    expect([due(bench, 4 * BLOCK_TIME_MS - 1), due(bench, 4 * BLOCK_TIME_MS)]).toEqual([false, true])
  })

  test('never while they stand in a block, and again when it was undone', () => {
    const bench = signed()
    bench.facts({ inclusions: [included(FIRST_NONCE, 100)] })
    expect(due(bench, null)).toBe(false)
    bench.facts({ inclusions: [] })
    expect(due(bench, null)).toBe(true)
  })
})

describe('an answer to the bytes', () => {
  const after: Readonly<Record<BroadcastClass, 'broadcast' | 'unclear' | 'signed'>> = {
    accepted: 'broadcast',
    known: 'broadcast',
    unclear: 'unclear',
    nonce_used: 'unclear',
    held_slot: 'unclear',
    nonce_gap: 'signed',
    funds: 'signed',
    underpriced: 'signed',
    congested: 'signed',
    invalid: 'signed',
  }

  test.each(BROADCAST_CLASSES.map((name) => [name, after[name]] as const))(
    '%s: the slot is %s',
    (name, sent) => {
      const bench = signed()
      expect(bench.sent(1, name)).toEqual([
        {
          kind: 'sent',
          nonce: FIRST_NONCE,
          hash: hashOf(FIRST_NONCE),
          class: name,
          endpoint: 'one',
          detail: null,
        },
      ])
      expect(bench.slot(1)).toMatchObject({ sent, answer: name })
      expect(bench.sent(1, name), 'the same again is no news').toEqual([])
    },
  )

  test.each(BROADCAST_CLASSES)('%s after a node took them takes nothing back', (name) => {
    const bench = signed()
    bench.sent(1, 'accepted')
    bench.sent(1, name)
    expect(bench.slot(1).sent).toBe('broadcast')
  })

  test('ends what was unclear only by presence', () => {
    for (const name of BROADCAST_CLASSES) {
      const bench = signed()
      bench.sent(1, 'unclear')
      bench.sent(1, name)
      expect(bench.slot(1).sent, name).toBe(name === 'accepted' || name === 'known' ? 'broadcast' : 'unclear')
    }
  })

  test('that a node has them is news once, whatever the word', () => {
    const bench = signed()
    bench.sent(1, 'accepted')
    expect(bench.sent(1, 'known')).toEqual([])
    expect(bench.sent(1, 'accepted')).toEqual([])
  })

  test('about a mined or unknown transaction is no news', () => {
    const bench = signed()
    const unknown = { hash: txHashOf(1), endpoint: 'one', class: 'accepted', detail: null } as const
    expect(outcomes(bench.state, [unknown])).toEqual([])
    bench.facts({ inclusions: [included(FIRST_NONCE, 100)] })
    expect(bench.sent(1, 'nonce_used')).toEqual([])
    bench.facts({ inclusions: [included(FIRST_NONCE, 100)], finalized: 100 })
    expect(outcomes(bench.state, [{ ...unknown, hash: hashOf(FIRST_NONCE) }])).toEqual([])
  })

  test('comes from before a later attempt: that one starts as signed again', () => {
    const bench = signed()
    bench.sent(1, 'accepted')
    const { attempts } = bench.slot(1)
    const [first] = attempts
    if (first === undefined) throw new Error('an attempt')
    const { raw, steps, ...summary } = first
    bench.commit([
      {
        kind: 'signed',
        nonce: FIRST_NONCE,
        attempt: { ...summary, index: 1 },
        steps,
        raw,
      },
    ])
    expect(bench.slot(1)).toMatchObject({ sent: 'signed', answer: null })
  })
})
