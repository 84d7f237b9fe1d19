// What a source file imports: every form of it, types as well.

import { posix } from 'node:path'
import { nodeIn, nodesIn, type Syntax, type SyntaxNode, syntaxOf, wordOf } from './syntax.ts'

export type Import = {
  readonly from: string
  /** A file's path from the root of the repository, or a package. */
  readonly to: string
  readonly isPackage: boolean
  /** Nothing of it is left when it runs. */
  readonly isType: boolean
  /** `file:line` */
  readonly place: string
}

const IMPORTING = new Set([
  'ImportDeclaration',
  'ExportNamedDeclaration',
  'ExportAllDeclaration',
  'ImportExpression',
  'TSImportType',
])

export function importsOf(file: string): readonly Import[] {
  const syntax = syntaxOf(file)
  return syntax.visits.flatMap(({ node }) => importOf(syntax, node))
}

function importOf(syntax: Syntax, node: SyntaxNode): readonly Import[] {
  if (!IMPORTING.has(node.type)) return []
  const source = nodeIn(node, 'source')
  if (source === null) return []
  const specifier = wordOf(source)
  if (specifier === null) throw new Error(`${syntax.place(node.start)}: an import whose target is computed`)
  const isPackage = !specifier.startsWith('.')
  return [
    {
      from: syntax.file,
      to: isPackage ? specifier : posix.join(posix.dirname(syntax.file), specifier),
      isPackage,
      isType: isTypeOnly(node),
      place: syntax.place(node.start),
    },
  ]
}

function isTypeOnly(node: SyntaxNode): boolean {
  if (node.type === 'TSImportType') return true
  return node.importKind === 'type' || node.exportKind === 'type'
}

/** Names that a file exports and another one made. */
export function passedOn(syntax: Syntax): readonly string[] {
  const imported = new Set(
    syntax.visits
      .filter(({ node }) => node.type === 'ImportDeclaration')
      .flatMap(({ node }) => nodesIn(node, 'specifiers').map((one) => wordOf(nodeIn(one, 'local')))),
  )
  return syntax.visits.flatMap(({ node, parent }) => {
    if (node.type === 'ExportAllDeclaration') return [`${syntax.place(node.start)} export *`]
    if (node.type !== 'ExportSpecifier') return []
    const name = wordOf(nodeIn(node, 'local'))
    const isOthers = (parent !== null && nodeIn(parent, 'source') !== null) || imported.has(name)
    return isOthers ? [`${syntax.place(node.start)} export { ${name} }`] : []
  })
}
