// Every raw transaction that was handed to an endpoint, whatever became of it: what a test holds against the logs.

import { keccak256 } from 'viem'
import { z } from 'zod'
import type { RpcCall } from './rpc.ts'

const hexBytes = z.templateLiteral(['0x', z.string().regex(/^[0-9a-f]*$/i)])

export type SentBytes = { readonly hash: string; readonly raw: `0x${string}` }

/** Null: not bytes at all. */
export function bytesOf({ params }: RpcCall): SentBytes | null {
  const raw = hexBytes.safeParse(params[0])
  return raw.success ? { raw: raw.data, hash: keccak256(raw.data) } : null
}
