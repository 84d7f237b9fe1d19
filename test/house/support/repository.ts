// The files of the repository, by their paths from its root.

import { execFileSync } from 'node:child_process'
import { lstatSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../../../scripts/dev/root.ts'

/** What is committed, and what would be: a rule that is broken should be told before the commit. */
export const FILES: readonly string[] = listFiles()

export function filesIn(folders: readonly string[], endings: readonly string[] = ['']): readonly string[] {
  return FILES.filter(
    (file) =>
      folders.some((folder) => file.startsWith(`${folder}/`)) &&
      endings.some((ending) => file.endsWith(ending)),
  )
}

export function codeIn(...folders: readonly string[]): readonly string[] {
  return filesIn(folders, ['.ts', '.tsx', '.mjs', '.js'])
}

export function textOf(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8')
}

/** One-based, as editors count. */
export function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length
}

/** Where a pattern (with the flag `g`) stands in a file, as `file:line`. */
export function placesOf(file: string, pattern: RegExp, text = textOf(file)): readonly string[] {
  return [...text.matchAll(pattern)].map((match) => `${file}:${lineOf(text, match.index)} ${match[0]}`)
}

function listFiles(): readonly string[] {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard']
  const listed = execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).split('\0')
  return listed.filter((file) => file !== '' && isFile(file)).sort()
}

/** No: deleted and not committed yet, or a link, such as `node_modules` may be. */
function isFile(file: string): boolean {
  return lstatSync(join(ROOT, file), { throwIfNoEntry: false })?.isFile() ?? false
}
