// A source file as its syntax tree (ESTree with TypeScript's nodes), by the parser that Vite brings. TypeScript 7 itself
// has only `unstable` entry points. What stands in a string or a comment is not code and cannot break a rule.

import { parseSync } from 'vite'
import { lineOf, textOf } from './repository.ts'

export type SyntaxNode = {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly [field: string]: unknown
}

/** A node, what it is of, and as what. */
export type Visit = {
  readonly node: SyntaxNode
  readonly parent: SyntaxNode | null
  readonly field: string
}

export type Syntax = {
  readonly file: string
  readonly visits: readonly Visit[]
  /** `file:line` of an offset. */
  place(offset: number): string
  line(offset: number): number
}

export function syntaxOf(file: string): Syntax {
  const text = textOf(file)
  const { program, errors } = parseSync(file, text, { preserveParens: false })
  if (errors.length > 0) throw new Error(`${file}: ${errors.map(({ message }) => message).join('; ')}`)
  const line = (offset: number) => lineOf(text, offset)
  return {
    file,
    visits: [...visitsOf(program, null, 'program')],
    place: (offset) => `${file}:${line(offset)}`,
    line,
  }
}

export function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value && 'end' in value
}

/** The node in a field, where there is one. */
export function nodeIn(node: SyntaxNode, field: string): SyntaxNode | null {
  const value = node[field]
  return isNode(value) ? value : null
}

export function nodesIn(node: SyntaxNode, field: string): readonly SyntaxNode[] {
  const value = node[field]
  return Array.isArray(value) ? value.filter(isNode) : []
}

/** The name of an identifier, the text of a string; null for all else. */
export function wordOf(node: SyntaxNode | null): string | null {
  if (node?.type === 'Identifier' && typeof node.name === 'string') return node.name
  return node?.type === 'Literal' && typeof node.value === 'string' ? node.value : null
}

function* visitsOf(value: unknown, parent: SyntaxNode | null, field: string): Generator<Visit> {
  if (Array.isArray(value)) {
    for (const item of value) yield* visitsOf(item, parent, field)
  } else if (isNode(value)) {
    yield { node: value, parent, field }
    for (const [name, child] of Object.entries(value)) {
      if (typeof child === 'object' && child !== null) yield* visitsOf(child, value, name)
    }
  }
}
