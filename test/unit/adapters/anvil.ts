// A real node of its own for one test file: Anvil on a free port, mining only when told.

import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { JsonRpcClient } from '../../../src/shared/adapters/json-rpc.ts'
import type { Json } from '../../../src/shared/lib/canonical-json.ts'
import { checkedAddress } from './chain-values.ts'

const ANVIL = fileURLToPath(new URL('../../../node_modules/@foundry-rs/anvil/bin.mjs', import.meta.url))

/** The first account of every development node (`test test ... junk`): public knowledge. */
export const ANVIL_KEY = '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80'
export const ANVIL_ADDRESS = checkedAddress('0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266')

export type Anvil = {
  readonly url: string
  readonly ask: (method: string, ...params: readonly Json[]) => Promise<unknown>
  readonly stop: () => Promise<void>
}

export async function startAnvil(...flags: readonly string[]): Promise<Anvil> {
  // A group of its own: bin.mjs starts the node as a child, and both must end.
  const child = spawn(process.execPath, [ANVIL, '--port', '0', '--no-mining', ...flags], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const url = await new Promise<string>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`anvil ended with ${code}`)))
    createInterface({ input: child.stdout }).on('line', (line) => {
      const address = /Listening on (\S+)/.exec(line)?.[1]
      if (address !== undefined) resolve(`http://${address}`)
    })
  })
  const client = new JsonRpcClient(url)
  return {
    url,
    ask: async (method, ...params) => {
      const answer = await client.call({ method, params })
      if (!answer.ok) throw new Error(`${method}: ${JSON.stringify(answer.error)}`)
      return answer.value
    },
    stop: async () => {
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGTERM')
      await exited
    },
  }
}
