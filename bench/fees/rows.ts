// The comparisons as figures: of each set, and their means over the sets beside what was asked for.

import { type Goal, type Row, row } from '../row.ts'
import type { Comparison, Horizon } from './compare.ts'

const PERCENT = 100
const WEI_PER_GWEI = 1e9

export type SetResult = { readonly set: string; readonly horizon: Horizon; readonly comparison: Comparison }

type Shares = {
  /** Percent. */
  readonly inTime: number
  /** Percent of what viem's users paid. */
  readonly saved: number
  /** Percent of what the clairvoyant saved. Null: he saved nothing. */
  readonly ofClairvoyant: number | null
}

const atLeast = (than: number): Goal => ({ of: 'value', is: '>=', than })

/** Of the issue, as means over the sets. */
const GOALS: Readonly<
  Record<string, { readonly inTime: number; readonly saved: number; readonly ofClairvoyant?: number }>
> = {
  'fast, 2 blocks': { inTime: 99, saved: 0 },
  'standard, 5 blocks': { inTime: 99.5, saved: 3 },
  'economy, 100 blocks': { inTime: 100, saved: 14, ofClairvoyant: 55 },
  'economy, 300 blocks': { inTime: 100, saved: 24, ofClairvoyant: 55 },
}

/** Who never waits saves nothing by waiting: there is no share of it. */
const waits = ({ speed }: Horizon) => speed !== 'fast'

export function setRows({ set, horizon, comparison }: SetResult): readonly Row[] {
  const name = `${set}, ${nameOf(horizon)}`
  const { ours, clairvoyant } = comparison
  const { inTime, saved, ofClairvoyant } = sharesOf(comparison)
  return [
    row({ name: `${name}: in time`, value: inTime, unit: '%' }),
    row({
      name: `${name}: price, floor clairvoyant`,
      value: ours.paid / ours.starts / WEI_PER_GWEI,
      unit: 'gwei',
      floor: clairvoyant.paid / clairvoyant.starts / WEI_PER_GWEI,
    }),
    row({ name: `${name}: saved beside viem`, value: saved, unit: '%' }),
    ...(ofClairvoyant === null || !waits(horizon)
      ? []
      : [row({ name: `${name}: of what could be saved`, value: ofClairvoyant, unit: '%' })]),
  ]
}

export function meanRows(horizon: Horizon, all: readonly SetResult[]): readonly Row[] {
  const name = nameOf(horizon)
  const shares = all
    .filter((one) => nameOf(one.horizon) === name)
    .map(({ comparison }) => sharesOf(comparison))
  if (shares.length === 0) return []
  const goals = GOALS[name]
  const figure = (what: string, values: readonly number[], goal: number | undefined) =>
    row({
      name: `mean of ${values.length} sets, ${name}: ${what}`,
      value: values.reduce((sum, value) => sum + value, 0) / values.length,
      unit: '%',
      ...(goal === undefined ? {} : { goal: atLeast(goal) }),
    })
  const ofClairvoyant = shares.map((one) => one.ofClairvoyant).filter((share) => share !== null)
  return [
    figure(
      'in time',
      shares.map(({ inTime }) => inTime),
      goals?.inTime,
    ),
    figure(
      'saved beside viem',
      shares.map(({ saved }) => saved),
      goals?.saved,
    ),
    ...(ofClairvoyant.length === 0 || !waits(horizon)
      ? []
      : [figure('of what could be saved', ofClairvoyant, goals?.ofClairvoyant)]),
  ]
}

function nameOf({ speed, blocks }: Horizon): string {
  return `${speed}, ${blocks} blocks`
}

function sharesOf({ ours, viem, clairvoyant }: Comparison): Shares {
  const could = viem.paid - clairvoyant.paid
  return {
    inTime: (PERCENT * ours.inTime) / ours.starts,
    // A chain that asks for nothing leaves nothing to save.
    saved: viem.paid === 0 ? 0 : (PERCENT * (viem.paid - ours.paid)) / viem.paid,
    ofClairvoyant: could > 0 ? (PERCENT * (viem.paid - ours.paid)) / could : null,
  }
}
