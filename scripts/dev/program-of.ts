import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const resolvePackage = createRequire(import.meta.url).resolve

/** The script of a package that is installed here, to be run by this process's own Node. */
export function programOf(name: string, path: string): string {
  return join(dirname(resolvePackage(`${name}/package.json`)), path)
}

/** The linter and formatter. */
export function biome(): string {
  return programOf('@biomejs/biome', 'bin/biome')
}
