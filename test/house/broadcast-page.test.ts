// Guarantee: the page on what nodes answer has every class, and what it gives as an example is classified so.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ROOT } from '../../scripts/dev/root.ts'
import { classifyRpcError } from '../../src/shared/broadcast/classify.ts'
import { BROADCAST_CLASSES } from '../../src/shared/broadcast/outcome.ts'

const page = readFileSync(join(ROOT, 'docs', 'broadcast.md'), 'utf8')
const rows = page
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => line.split('|').map((cell) => cell.trim()))

test('every class has its row', () => {
  expect(rows.map(([, name]) => name)).toEqual(BROADCAST_CLASSES.map((name) => `\`${name}\``))
})

test.each(rows.flatMap(([, name = '', example = '']) => (example.startsWith('`') ? [[name, example]] : [])))(
  '%s is said by %s',
  (name, example) => {
    const message = example.replaceAll('`', '')
    // A code of the old server range, which means nothing.
    expect(`\`${classifyRpcError({ code: -32_000, message, data: null })}\``).toBe(name)
  },
)
