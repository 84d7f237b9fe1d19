// Guarantee: a file and a function can be read in one go.

import { expect, test } from 'vitest'
import { codeIn, filesIn, textOf } from './support/repository.ts'
import { type Syntax, syntaxOf, type Visit } from './support/syntax.ts'

/** Lines. The habit is under 300; what is above this holds two things. */
const FILE_MAX_LINES = 350
/** Lines: what a screen shows. */
const FUNCTION_MAX_LINES = 70

const FUNCTIONS = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression'])

test(`no file of src has more than ${FILE_MAX_LINES} lines`, () => {
  const sizes = filesIn(['src']).map((file) => ({ file, lines: textOf(file).trimEnd().split('\n').length }))
  expect(sizes.filter(({ lines }) => lines > FILE_MAX_LINES)).toEqual([])
})

test(`no function of src has more than ${FUNCTION_MAX_LINES} lines`, () => {
  const functions = codeIn('src').flatMap((file) => functionsOf(syntaxOf(file)))
  expect(functions.length).toBeGreaterThan(0)
  expect(functions.filter(({ lines }) => lines > FUNCTION_MAX_LINES)).toEqual([])
})

function functionsOf(syntax: Syntax): readonly { readonly place: string; readonly lines: number }[] {
  return syntax.visits
    .filter(({ node }) => FUNCTIONS.has(node.type))
    .map((visit) => {
      const start = startOf(visit)
      return { place: syntax.place(start), lines: syntax.line(visit.node.end) - syntax.line(start) + 1 }
    })
}

/** A method's name stands before what the tree calls its function. */
function startOf({ node, parent }: Visit): number {
  return parent?.type === 'MethodDefinition' || parent?.type === 'Property' ? parent.start : node.start
}
