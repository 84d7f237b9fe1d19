// Compiles contracts/*.sol. The result is kept beside the installed packages, under the hash of all that went in.

import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { z } from 'zod'
import { assertDefined } from '../../src/shared/lib/assert.ts'
import { type Hex, isHex } from '../../src/shared/lib/hex.ts'
import { ROOT } from './root.ts'
import { readJson, writeJson } from './state-dir.ts'

const CACHE = join(ROOT, 'node_modules', '.cache', 'waybill', 'contracts')
const CONTRACTS = join(ROOT, 'contracts')

const OPTIONS = {
  optimizer: { enabled: true, runs: 10_000 },
  viaIR: true,
  // The newest that every chain in common use runs.
  evmVersion: 'cancun',
  // The same bytecode, and so the same address, whatever the comments say and wherever it is compiled.
  metadata: { bytecodeHash: 'none' },
  outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object'] } },
}

const compiled = z.object({
  errors: z.array(z.object({ severity: z.string(), formattedMessage: z.string() })).optional(),
  contracts: z
    .record(
      z.string(),
      z.record(
        z.string(),
        z.object({
          abi: z.array(z.unknown()),
          evm: z.object({ bytecode: z.object({ object: z.string() }) }),
        }),
      ),
    )
    .default({}),
})

export type Contract = { readonly abi: readonly unknown[]; readonly bytecode: Hex }

/** By the contract's name. Throws with the compiler's own words. */
export async function compileContracts(dir = CONTRACTS): Promise<ReadonlyMap<string, Contract>> {
  const require = createRequire(import.meta.url)
  const version = z.object({ version: z.string() }).parse(require('solc/package.json')).version
  const input = JSON.stringify({ language: 'Solidity', sources: sourcesIn(dir), settings: OPTIONS })
  const file = join(CACHE, `${createHash('sha256').update(version).update(input).digest('hex')}.json`)
  if (existsSync(file)) return byName(compiled.parse(readJson(file)))
  const output = compiled.parse(JSON.parse(await runCompiler(require.resolve('solc/solc.js'), input)))
  const errors = output.errors?.filter(({ severity }) => severity === 'error') ?? []
  if (errors.length > 0) throw new Error(errors.map((error) => error.formattedMessage).join('\n'))
  mkdirSync(dirname(file), { recursive: true })
  writeJson(file, output)
  return byName(output)
}

function sourcesIn(dir: string): Record<string, { content: string }> {
  const names = readdirSync(dir).filter((name) => name.endsWith('.sol'))
  return Object.fromEntries(
    names.sort().map((name) => [name, { content: readFileSync(join(dir, name), 'utf8') }]),
  )
}

function byName(output: z.infer<typeof compiled>): ReadonlyMap<string, Contract> {
  const contracts = Object.values(output.contracts).flatMap((file) => Object.entries(file))
  return new Map(
    contracts.map(([name, { abi, evm }]) => {
      const bytecode = `0x${evm.bytecode.object}`
      return [name, { abi, bytecode: assertDefined(isHex(bytecode) ? bytecode : null, `${name}: no code`) }]
    }),
  )
}

/** In a process of its own: loading the compiler changes how a process treats rejected promises. */
async function runCompiler(program: string, input: string): Promise<string> {
  const solc = spawn(process.execPath, [program, '--standard-json'], { stdio: ['pipe', 'pipe', 'inherit'] })
  solc.stdin.end(input)
  const output = await text(solc.stdout)
  // The JSON may follow a line in which the compiler's wrapper talks about its SMT solver.
  return output.slice(output.indexOf('{'))
}
