// Guarantee: imports go one way, so that each part can be read, tested and simulated without those that use it.

import { expect, test } from 'vitest'
import { specTable } from '../support/spec-table.ts'
import { type Import, importsOf, passedOn } from './support/imports.ts'
import { codeIn } from './support/repository.ts'
import { PURE_FOLDERS, SHARED_RANKS } from './support/shared-folders.ts'
import { syntaxOf } from './support/syntax.ts'

/** Each may import itself and what stands before it. */
const LAYERS = ['src/shared', 'src/durable-objects', 'src/workers'] as const
/** What runs at the client. */
const CLIENT_FOLDERS = ['src/dashboard', 'src/client'] as const
/** What the command may run of `src/shared`: what checks and reads, and does nothing else. */
const CLIENT_READS = [...PURE_FOLDERS, 'src/shared/schema']
/** The classes of a deployment are exported by its entry; everything else is imported from where it is made. */
const BARRELS = ['src/durable-objects/index.ts', 'src/workers/main.ts']

const SIGNER = 'src/shared/signer'

const SOURCES = codeIn('src')
const IMPORTS = SOURCES.flatMap(importsOf)
const LOCAL = IMPORTS.filter(({ isPackage }) => !isPackage)

test('every file of src belongs to a layer', () => {
  const folders = [...LAYERS, ...CLIENT_FOLDERS].map((folder) => `${folder}/`)
  expect(SOURCES.filter((file) => !folders.some((folder) => file.startsWith(folder)))).toEqual([])
  expect(SOURCES.filter((file) => file.startsWith('src/shared/') && rankOf(file) < 0)).toEqual([])
})

test('src imports nothing but src', () => {
  expect(tell(LOCAL.filter(({ to }) => !to.startsWith('src/')))).toEqual([])
})

test('every import names a file that is there', () => {
  const styles = /\.css$/
  const known = new Set(SOURCES)
  expect(tell(LOCAL.filter(({ to }) => !known.has(to) && !styles.test(to)))).toEqual([])
})

test('shared <- durable-objects <- workers', () => {
  LAYERS.forEach((layer, rank) => {
    const allowed = LAYERS.slice(0, rank + 1)
    const broken = from(layer).filter(({ to }) => !allowed.some((folder) => to.startsWith(`${folder}/`)))
    expect(tell(broken), `${layer} may import ${allowed.join(', ')}`).toEqual([])
  })
})

test('the page imports only itself and types of shared, which cost nothing there', () => {
  const broken = from('src/dashboard').filter(
    ({ to, isType }) => !to.startsWith('src/dashboard/') && !(to.startsWith('src/shared/') && isType),
  )
  expect(tell(broken)).toEqual([])
})

test('the command imports only itself and what of shared is pure or reads the wire', () => {
  const allowed = ['src/client', ...CLIENT_READS].map((folder) => `${folder}/`)
  const broken = from('src/client').filter(({ to }) => !allowed.some((folder) => to.startsWith(folder)))
  expect(tell(broken)).toEqual([])
})

test('inside shared: lib <- domain folders <- schema <- ports <- adapters', () => {
  const within = from('src/shared').filter(({ to }) => to.startsWith('src/shared/'))
  expect(tell(within.filter((one) => rankOf(one.to) > rankOf(one.from)))).toEqual([])
})

test('inside the signer: as its page says', () => {
  const ranks = specFolders()
  const rank = (file: string) => ranks.indexOf(file.slice(`${SIGNER}/`.length).split('/').at(-2) ?? '.')
  const within = from(SIGNER).filter(({ to }) => to.startsWith(`${SIGNER}/`))
  expect(within.filter((one) => rank(one.from) < 0 || rank(one.to) < 0)).toEqual([])
  expect(tell(within.filter((one) => rank(one.to) > rank(one.from)))).toEqual([])
})

test('no file needs itself, by whatever way', () => {
  expect(cycles(LOCAL)).toEqual([])
})

test('nothing is exported twice', () => {
  const files = SOURCES.filter((file) => !BARRELS.includes(file))
  expect(files.flatMap((file) => passedOn(syntaxOf(file)))).toEqual([])
})

/** Of the table "Where it stands"; the last is the folder itself. */
function specFolders(): readonly string[] {
  return specTable('signer', 'Where it stands').map(([name = '']) => name.replace(/\/$/, ''))
}

function from(folder: string): readonly Import[] {
  return LOCAL.filter((one) => one.from.startsWith(`${folder}/`))
}

function rankOf(file: string): number {
  const [, , folder = ''] = file.split('/')
  return SHARED_RANKS.findIndex((rank) => rank.includes(folder))
}

function tell(imports: readonly Import[]): readonly string[] {
  return imports.map(({ place, to }) => `${place} imports ${to}`)
}

/** Depth first; each cycle is told once, from the file where it was entered. */
function cycles(imports: readonly Import[]): readonly string[] {
  const needs = Map.groupBy(imports, ({ from }) => from)
  const found: string[] = []
  const done = new Set<string>()
  const visit = (file: string, way: readonly string[]) => {
    if (way.includes(file)) found.push([...way.slice(way.indexOf(file)), file].join(' -> '))
    if (way.includes(file) || done.has(file)) return
    for (const { to } of needs.get(file) ?? []) visit(to, [...way, file])
    done.add(file)
  }
  for (const file of needs.keys()) visit(file, [])
  return found
}
