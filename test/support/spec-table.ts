// The tables of a SPEC.md, for tests that hold page and code together.

import { readFileSync } from 'node:fs'

/** Rows of the table under a title, cells without their quotes. */
export function specTable(module: 'transfer' | 'signer' | 'chain', title: string): readonly string[][] {
  const spec = specText(module)
  const section = spec.slice(spec.indexOf(`## ${title}`)).split('\n## ')[0] ?? ''
  const lines = section.split('\n').filter((line) => line.startsWith('| `'))
  return lines.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.replaceAll('`', '').trim()),
  )
}

export function specText(module: 'transfer' | 'signer' | 'chain'): string {
  return readFileSync(new URL(`../../src/shared/${module}/SPEC.md`, import.meta.url), 'utf8')
}
