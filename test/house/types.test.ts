// Guarantee: no hole in the types, no silenced check without its reason, and nothing left for later.

import { expect, test } from 'vitest'
import { codeIn, filesIn, placesOf } from './support/repository.ts'
import { nodeIn, type SyntaxNode, syntaxOf } from './support/syntax.ts'

const FOLDERS = ['src', 'scripts', 'bench', 'contracts', 'examples', 'test/support', 'test/house']
const CODE = codeIn(...FOLDERS)
const TEXT = filesIn(FOLDERS)

/** In parts, since this file is read too. */
const LEFT_FOR_LATER = new RegExp(
  `\\b(${['TO', 'FIX', 'XX'].map((start, i) => start + ['DO', 'ME', 'X'][i]).join('|')})\\b`,
  'g',
)
const SILENCED_TYPES = new RegExp(`@ts-${'(ignore|nocheck)'}`, 'g')
/** The linter wants a text after the colon; a word or two is none. */
const REASON_MIN_CHARACTERS = 8
const SILENCED_LINT = new RegExp(`biome-${'ignore'}[^\\n]*`, 'g')

test('no `any`: unknown input is parsed with zod', () => {
  expect(nodesWhere(({ type }) => type === 'TSAnyKeyword')).toEqual([])
})

test('no cast by way of unknown: parse it, or say the type where the value is made', () => {
  expect(
    nodesWhere((node) => isCast(node) && isCastTo(nodeIn(node, 'expression'), 'TSUnknownKeyword')),
  ).toEqual([])
})

test('no file or line is left out of type checking', () => {
  expect(TEXT.flatMap((file) => placesOf(file, SILENCED_TYPES))).toEqual([])
})

test('a lint rule that is silenced says why', () => {
  const silenced = TEXT.flatMap((file) => placesOf(file, SILENCED_LINT))
  const reasonOf = (found: string) => /lint\/[\w/]+: (.*?)(\*\/)?$/.exec(found)?.[1]?.trim() ?? ''
  expect(silenced.filter((found) => reasonOf(found).length < REASON_MIN_CHARACTERS)).toEqual([])
})

test('nothing is left for later: it is done, or it is an issue', () => {
  expect(TEXT.flatMap((file) => placesOf(file, LEFT_FOR_LATER))).toEqual([])
})

function nodesWhere(isFound: (node: SyntaxNode) => boolean): readonly string[] {
  return CODE.flatMap((file) => {
    const { visits, place } = syntaxOf(file)
    return visits.filter(({ node }) => isFound(node)).map(({ node }) => place(node.start))
  })
}

function isCast(node: SyntaxNode): boolean {
  return node.type === 'TSAsExpression' || node.type === 'TSTypeAssertion'
}

function isCastTo(node: SyntaxNode | null, type: string): boolean {
  return node !== null && isCast(node) && nodeIn(node, 'typeAnnotation')?.type === type
}
