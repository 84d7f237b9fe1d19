// One JSON-RPC call to the local chain, for what viem has no name for (anvil_setBalance, evm_mine, ...).

import { z } from 'zod'

const answer = z.object({
  result: z.unknown().optional(),
  error: z.object({ code: z.number(), message: z.string() }).optional(),
})

/** Milliseconds; a local node answers in a few. */
const ANSWER_WITHIN_MS = 10_000

export async function rpc(url: string, method: string, params: readonly unknown[]): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
  })
  const { result, error } = answer.parse(await response.json())
  if (error !== undefined) throw new Error(`${method}: ${error.message}`)
  return result
}
