// Base fees as recent blocks show them: a level that moves slowly, and noise of single blocks around it. Pure.
//
// Base fees are pulled back hard: over a hundred blocks they move a tenth of what their single changes would add up to. A
// block far below the level is therefore an occasion that the next block does not have, while the level itself stays for
// many blocks. So the two are kept apart: noise is drawn anew with each block, the level goes from one of a few values to
// another as often as it did lately. All of it is logarithms: a chain of 0.04 gwei is as one of 40.

import { quantile } from './quantile.ts'
import { smoothed } from './smoothed.ts'

/** How a price is taken apart: the level is a mean over about `span` blocks; `window` blocks are learned from. */
export type Reading = { readonly span: number; readonly window: number }

export type PriceLevels = {
  /** Natural logarithms of wei, lowest first. */
  readonly levels: readonly number[]
  /** How likely the level goes from one to another with a block. */
  readonly moves: readonly (readonly number[])[]
  /** How far a block lies from the level before it, equally likely, lowest first. */
  readonly noises: readonly number[]
  /** The level after the last block. */
  readonly now: number
}

/** Levels that are told apart: with a window of 400 blocks some 33 blocks are in each. */
const LEVELS = 12
/** Noises that are told apart: the lowest stands for the lowest twentieth. */
const NOISES = 20
/** Of a block: a level that was reached last, and that nothing followed yet, stays. */
const STAYS_WEIGHT = 1e-3

/** `prices`: logarithms, oldest first, at least two. */
export function readLevels(prices: readonly number[], { span, window }: Reading): PriceLevels {
  const smooth = smoothed(prices, span)
  const recent = smooth.slice(-window)
  const sorted = Float64Array.from(recent).sort()
  const edges = Array.from({ length: LEVELS - 1 }, (_, index) => quantile(sorted, (index + 1) / LEVELS))
  const places = recent.map((level) => edgesUpTo(edges, level))
  // Where prices stand still many of them have nothing in them.
  const taken = [...new Set(places)].sort((one, other) => one - other)
  const states = places.map((place) => taken.indexOf(place))
  const from = prices.length - recent.length
  const offsets = recent.slice(1).map((_, index) => (prices[from + index + 1] ?? 0) - (recent[index] ?? 0))
  const ordered = Float64Array.from(offsets).sort()
  return {
    levels: means(recent, states, taken.length),
    moves: movesBetween(states, taken.length),
    noises: Array.from({ length: NOISES }, (_, index) => quantile(ordered, (index + 0.5) / NOISES)),
    now: smooth.at(-1) ?? 0,
  }
}

function edgesUpTo(edges: readonly number[], level: number): number {
  let count = 0
  while (count < edges.length && (edges[count] ?? 0) <= level) count += 1
  return count
}

function means(values: readonly number[], states: readonly number[], count: number): readonly number[] {
  const sums = new Array<number>(count).fill(0)
  const counts = new Array<number>(count).fill(0)
  for (const [index, state] of states.entries()) {
    sums[state] = (sums[state] ?? 0) + (values[index] ?? 0)
    counts[state] = (counts[state] ?? 0) + 1
  }
  return sums.map((sum, state) => sum / (counts[state] ?? 1))
}

function movesBetween(states: readonly number[], count: number): readonly (readonly number[])[] {
  const seen = Array.from({ length: count }, (_, state) => {
    const row = new Array<number>(count).fill(0)
    row[state] = STAYS_WEIGHT
    return row
  })
  for (const [index, to] of states.slice(1).entries()) {
    const row = seen[states[index] ?? 0]
    if (row !== undefined) row[to] = (row[to] ?? 0) + 1
  }
  return seen.map((row) => {
    const all = row.reduce((sum, times) => sum + times, 0)
    return row.map((times) => times / all)
  })
}
