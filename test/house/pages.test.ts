// Guarantee: what the pages point at is there.

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { ROOT } from '../../scripts/dev/root.ts'
import { linksOf, PAGES, pathsOf, scriptsOf } from './support/pages.ts'
import { textOf } from './support/repository.ts'

const { scripts } = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(textOf('package.json')))

describe.each(PAGES)('%s', (page) => {
  test('links to files and names paths that are there', () => {
    const named = [...linksOf(page), ...pathsOf(page)]
    expect(named.filter((path) => !existsSync(join(ROOT, path)))).toEqual([])
  })

  test('names scripts that package.json has', () => {
    expect(scriptsOf(page).filter((script) => !Object.hasOwn(scripts, script))).toEqual([])
  })
})

test('every script of package.json is told of', () => {
  const told = new Set(PAGES.flatMap(scriptsOf))
  expect(Object.keys(scripts).filter((script) => !told.has(script))).toEqual([])
})

test('every script runs a file that is there', () => {
  const files = Object.values(scripts).flatMap((command) =>
    command.split(' ').filter((word) => word.includes('/')),
  )
  expect(files.filter((file) => !existsSync(join(ROOT, file)))).toEqual([])
})
