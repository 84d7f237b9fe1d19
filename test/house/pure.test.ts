// Guarantee: what decides is pure. The same code runs in the objects, in tests and in a simulator that replays a seed, and
// all of them must come to the same end; so time, chance and answers are given to it, never fetched.

import { describe, expect, test } from 'vitest'
import { importsOf } from './support/imports.ts'
import { codeIn } from './support/repository.ts'
import { PURE_FOLDERS } from './support/shared-folders.ts'
import {
  nodeIn,
  nodesIn,
  type Syntax,
  type SyntaxNode,
  syntaxOf,
  type Visit,
  wordOf,
} from './support/syntax.ts'

/** Names of the platform that pure code must not even mention, and what it has instead. */
const BANNED_NAMES: Readonly<Record<string, string>> = {
  fetch: 'a port of src/shared/ports, called by the engine',
  WebSocket: 'a port of src/shared/ports, called by the engine',
  setTimeout: 'a deadline in the answer; the object sets its alarm',
  setInterval: 'a deadline in the answer; the object sets its alarm',
  queueMicrotask: 'an effect in the answer; the engine runs it',
  performance: 'a parameter `now: UnixMs`',
  crypto: 'lib/sha256.ts for digests; a parameter for what is random',
  console: 'an effect or a Result; the shell logs it with adapters/json-log.ts',
  process: 'a parameter',
  globalThis: 'a parameter',
}

/** The only files that may do it, and why. */
const HASHING = 'src/shared/lib/sha256.ts'
const LOGGING = [
  'src/shared/adapters/json-log.ts',
  // A page has no log. Who looks for what broke it looks into the browser's console.
  'src/dashboard/app.tsx',
]

const PURE = codeIn(...PURE_FOLDERS)

describe.each(PURE)('%s', (file) => {
  const syntax = syntaxOf(file)

  test('takes time, chance and answers as parameters', () => {
    expect(findings(syntax, clockOrChance)).toEqual([])
    expect(findings(syntax, platformName)).toEqual([])
  })

  test('waits for nothing', () => {
    expect(findings(syntax, waiting)).toEqual([])
  })

  test('imports no platform and no package', () => {
    const allowed = file === HASHING ? ['node:crypto'] : []
    const packages = importsOf(file).filter(({ to, isPackage }) => isPackage && !allowed.includes(to))
    const instead = `lib/sha256.ts for digests, src/shared/schema for zod, src/shared/ports for all else`
    expect(packages.map(({ place, to }) => `${place} imports ${to}: use ${instead}`)).toEqual([])
  })
})

test('only one file writes log lines, so that every line is JSON and shows no key', () => {
  const files = codeIn('src').filter((file) => !LOGGING.includes(file))
  const found = files.flatMap((file) =>
    findings(syntaxOf(file), (visit) =>
      isReference(visit) && visit.node.name === 'console' ? 'console: use logEvent of json-log.ts' : null,
    ),
  )
  expect(found).toEqual([])
})

function findings(syntax: Syntax, rule: (visit: Visit) => string | null): readonly string[] {
  return syntax.visits.flatMap((visit) => {
    const broken = rule(visit)
    return broken === null ? [] : [`${syntax.place(visit.node.start)} ${broken}`]
  })
}

function clockOrChance({ node }: Visit): string | null {
  const time = 'use a parameter `now: UnixMs`'
  const makesDate = node.type === 'NewExpression' && wordOf(nodeIn(node, 'callee')) === 'Date'
  if (makesDate && nodesIn(node, 'arguments').length === 0) return `new Date(): ${time}`
  if (node.type === 'CallExpression' && wordOf(nodeIn(node, 'callee')) === 'Date') return `Date(): ${time}`
  if (isMember(node, 'Date', 'now')) return `Date.now: ${time}`
  if (isMember(node, 'Math', 'random')) return 'Math.random: use a parameter'
  return null
}

function platformName(visit: Visit): string | null {
  if (!isReference(visit)) return null
  const name = String(visit.node.name)
  return Object.hasOwn(BANNED_NAMES, name) ? `${name}: use ${BANNED_NAMES[name]}` : null
}

function waiting({ node }: Visit): string | null {
  const isWaiting = node.async === true || node.await === true || node.type === 'AwaitExpression'
  return isWaiting ? 'async: return an effect; the engine awaits it and hands in the answer' : null
}

function isMember(node: SyntaxNode, object: string, property: string): boolean {
  return (
    node.type === 'MemberExpression' &&
    wordOf(nodeIn(node, 'object')) === object &&
    wordOf(nodeIn(node, 'property')) === property
  )
}

/** A name that stands for a value here, and not for a member, a key or a type's field. */
function isReference({ node, parent, field }: Visit): boolean {
  if (node.type !== 'Identifier' || parent === null) return false
  const isMemberName = field === 'property' && parent.computed !== true
  const isKey = field === 'key' && parent.computed !== true
  return !isMemberName && !isKey
}
