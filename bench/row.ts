// One figure of a benchmark, beside its floor (the least that the same work costs here, in the same run) and its goal.

export type Row = {
  readonly name: string
  readonly value: number
  readonly unit: string
  readonly floor: number | null
  /** Of the value to its floor. */
  readonly ratio: number | null
  /** In words, such as `ratio <= 1.5`. */
  readonly goal: string | null
  readonly met: boolean | null
}

export type Goal = {
  readonly of: 'value' | 'ratio'
  readonly is: '<=' | '>='
  readonly than: number
}

export type Figure = {
  readonly name: string
  readonly value: number
  readonly unit: string
  readonly floor?: number
  readonly goal?: Goal
}

export function row({ name, value, unit, floor, goal }: Figure): Row {
  const ratio = floor === undefined ? null : value / floor
  const measured = goal?.of === 'ratio' ? ratio : value
  return {
    name,
    value,
    unit,
    floor: floor ?? null,
    ratio,
    goal: goal === undefined ? null : `${goal.of} ${goal.is} ${goal.than}`,
    met: goal === undefined || measured === null ? null : isMet(measured, goal),
  }
}

function isMet(measured: number, { is, than }: Goal): boolean {
  return is === '<=' ? measured <= than : measured >= than
}
