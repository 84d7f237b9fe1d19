// The pages for people: every Markdown file, and the commands of README that are marked to be run.

import { posix } from 'node:path'
import { FILES, textOf } from './repository.ts'

export const PAGES: readonly string[] = FILES.filter((file) => file.endsWith('.md'))

export type Snippet = { readonly name: string; readonly commands: string }

/** `<!-- run: name -->`, and the commands below it. */
const SNIPPET_PATTERN = /<!-- run: ([\w-]+) -->\n```sh\n(.*?)```/gs
const LINK_PATTERN = /\]\(([^)\s#]+)[^)]*\)/g
/** A path from the root of the repository, wherever it stands in a text. */
const PATH_PATTERN =
  /(?<![\w./-])(?:src|test|scripts|bench|docs|examples|migrations|contracts)\/[\w./-]*[\w/]/g
const SCRIPT_PATTERN = /\bnpm (?:run ([\w:-]+)|(start|test)\b)/g

export function snippetsOf(page: string): readonly Snippet[] {
  return [...textOf(page).matchAll(SNIPPET_PATTERN)].map(([, name = '', commands = '']) => ({
    name,
    commands,
  }))
}

/** Links that lead to files, as paths from the root. */
export function linksOf(page: string): readonly string[] {
  return [...textOf(page).matchAll(LINK_PATTERN)]
    .map(([, link = '']) => link)
    .filter((link) => !URL.canParse(link))
    .map((link) => posix.join(posix.dirname(page), link))
}

export function pathsOf(page: string): readonly string[] {
  return [...textOf(page).matchAll(PATH_PATTERN)].map(([path]) => path)
}

/** Names of package.json that the page tells people to run. */
export function scriptsOf(page: string): readonly string[] {
  return [...textOf(page).matchAll(SCRIPT_PATTERN)].map(([, run, short]) => run ?? short ?? '')
}
