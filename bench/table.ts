// Rows as a table for people.

import type { Row } from './row.ts'

const HEADINGS = ['figure', 'value', 'unit', 'floor', 'ratio', 'goal', 'met'] as const
/** Columns of numbers stand on the right. */
const NUMERIC = new Set<string>(['value', 'floor', 'ratio'])
const SIGNIFICANT_DIGITS = 3

export function table(rows: readonly Row[]): string {
  const lines: (readonly string[])[] = [HEADINGS, ...rows.map(cells)]
  const widths = HEADINGS.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)))
  const format = (line: readonly string[]) =>
    line.map((cell, column) => pad(cell, widths[column] ?? 0, NUMERIC.has(HEADINGS[column] ?? ''))).join('  ')
  const rule = widths.map((width) => '-'.repeat(width)).join('  ')
  const [heading = HEADINGS, ...body] = lines
  return [format(heading), rule, ...body.map(format)].map((line) => line.trimEnd()).join('\n')
}

function cells(row: Row): readonly string[] {
  const met = row.met === null ? '' : row.met ? 'yes' : 'NO'
  return [row.name, number(row.value), row.unit, number(row.floor), number(row.ratio), row.goal ?? '', met]
}

function number(value: number | null): string {
  if (value === null) return ''
  const isWhole = Number.isInteger(value) || Math.abs(value) >= 10 ** SIGNIFICANT_DIGITS
  return isWhole ? Math.round(value).toLocaleString('en-US') : value.toPrecision(SIGNIFICANT_DIGITS)
}

function pad(cell: string, width: number, onTheRight: boolean): string {
  return onTheRight ? cell.padStart(width) : cell.padEnd(width)
}
