// JSON-RPC as a proxy sees it: calls as they came in, answers as they go out, and one call to the node behind.

import { z } from 'zod'

export const rpcCall = z.looseObject({
  id: z.union([z.number(), z.string(), z.null()]).default(null),
  method: z.string(),
  params: z.array(z.unknown()).default([]),
})
export type RpcCall = z.infer<typeof rpcCall>

export type RpcError = { readonly code: number; readonly message: string }
/** What a call came to, without its id. */
export type RpcOutcome = { readonly result: unknown } | { readonly error: RpcError }
export type RpcAnswer = RpcOutcome & { readonly jsonrpc: '2.0'; readonly id: RpcCall['id'] }

const upstreamAnswer = z.looseObject({
  result: z.unknown().optional(),
  error: z.looseObject({ code: z.number(), message: z.string() }).optional(),
})

export class Upstream {
  readonly url: string

  constructor(url: string) {
    this.url = url
  }

  /** @throws where the node is not there: the proxy then has nothing to say either. */
  async call(method: string, params: readonly unknown[]): Promise<RpcOutcome> {
    const response = await fetch(this.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    })
    const { result, error } = upstreamAnswer.parse(await response.json())
    return error === undefined ? { result: result ?? null } : { error }
  }

  /** @throws where the node refuses. */
  async ask<T>(schema: z.ZodType<T>, method: string, ...params: readonly unknown[]): Promise<T> {
    const outcome = await this.call(method, params)
    if ('error' in outcome) throw new Error(`${method}: ${outcome.error.message}`)
    return schema.parse(outcome.result)
  }
}

export function isSend({ method }: RpcCall): boolean {
  return method.startsWith('eth_sendRawTransaction')
}

export const quantity = z
  .string()
  .regex(/^0x[0-9a-f]+$/i)
  .transform((hex) => Number(hex))

export function toHex(value: number): string {
  return `0x${value.toString(16)}`
}
