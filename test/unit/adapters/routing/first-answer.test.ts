// Guarantee: a read is asked of the next endpoint when the first one is later than it usually is, and the first good answer
// counts, under the name of who gave it; a failure asks the next one at once; nobody is asked without need.

import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { firstAnswer } from '../../../../src/shared/adapters/routing/first-answer.ts'
import type { NodeResult } from '../../../../src/shared/ports/chain-node.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

test('one that answers in time is the only one that is asked', async () => {
  const bench = new Bench({ a: [80, 'a'], b: [1, 'b'] }, 100)
  expect(await bench.answer()).toMatchObject({ ok: true, value: { node: { name: 'a' }, value: 'a' } })
  expect(bench.asked).toEqual(['a'])
})

test('one that is late is not waited for alone', async () => {
  const bench = new Bench({ a: [5_000, 'a'], b: [30, 'b'] }, 100)
  expect(await bench.answer()).toMatchObject({ ok: true, value: { node: { name: 'b' }, value: 'b' } })
  expect([bench.asked, bench.tookMs]).toEqual([['a', 'b'], 130])
})

test('one that is late and good still counts when the other fails', async () => {
  const bench = new Bench({ a: [400, 'a'], b: [30, null] }, 100)
  expect(await bench.answer()).toMatchObject({ ok: true, value: { node: { name: 'a' } } })
  expect([bench.asked, bench.failed]).toEqual([['a', 'b'], ['b']])
})

test('an answer that is no good is as a failure, and the last one is told', async () => {
  const bench = new Bench({ a: [10, 'old'], b: [10, null] }, 100)
  expect(await bench.answer()).toEqual({ ok: false, error: { reason: 'timeout' } })
  expect([bench.asked, bench.failed, bench.tookMs]).toEqual([['a', 'b'], ['a', 'b'], 20])
})

test('without a measure nobody is late', async () => {
  const bench = new Bench({ a: [9_000, 'a'], b: [1, 'b'] }, undefined)
  expect(await bench.answer()).toMatchObject({ ok: true, value: { node: { name: 'a' } } })
  expect(bench.asked).toEqual(['a'])
})

test('without endpoints there is no answer', async () => {
  expect(await new Bench({}, 100).answer()).toMatchObject({ ok: false })
})

/** What each endpoint says after how many milliseconds; null: it fails. */
type Says = Readonly<Record<string, readonly [number, string | null]>>

class Bench {
  readonly asked: string[] = []
  readonly failed: string[] = []
  readonly #says: Says
  readonly #lateAfterMs: number | undefined
  readonly #startedAt = Date.now()
  tookMs = 0

  constructor(says: Says, lateAfterMs: number | undefined) {
    this.#says = says
    this.#lateAfterMs = lateAfterMs
  }

  async answer() {
    const late = this.#lateAfterMs === undefined ? {} : { lateAfterMs: this.#lateAfterMs }
    const nodes = Object.keys(this.#says).map((name) => ({ name, ...late }))
    const answer = firstAnswer(nodes, {
      ask: ({ name }) => this.#ask(name),
      refuse: (value) => (value === 'old' ? { reason: 'unreachable', detail: 'behind' } : null),
      onFailure: (endpoint) => this.failed.push(endpoint),
    }).finally(() => {
      this.tookMs = Date.now() - this.#startedAt
    })
    await vi.advanceTimersByTimeAsync(10_000)
    return answer
  }

  async #ask(name: string): Promise<NodeResult<string>> {
    this.asked.push(name)
    const [ms = 0, value = null] = this.#says[name] ?? []
    await new Promise((resolve) => setTimeout(resolve, ms))
    return value === null ? { ok: false, error: { reason: 'timeout' } } : { ok: true, value }
  }
}
