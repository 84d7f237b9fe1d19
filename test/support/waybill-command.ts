// The command `waybill` as a user runs it: a process of its own, and what it says.

import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { ROOT } from '../../scripts/dev/root.ts'

/** Milliseconds. */
const WITHIN_MS = 60_000

export type Ran = { readonly exit: number; readonly out: string; readonly errors: string }

export function waybill(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> {
  const program = join(ROOT, 'src', 'client', 'waybill.ts')
  return new Promise((resolve) => {
    const options = { timeout: WITHIN_MS, env: { PATH: process.env.PATH, ...env } }
    execFile(process.execPath, [program, ...args], options, (error, out, errors) => {
      const code = error === null ? 0 : error.code
      resolve({ exit: typeof code === 'number' ? code : -1, out, errors })
    })
  })
}
