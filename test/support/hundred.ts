// A hundred transfers to a hundred addresses, half native and half ERC-20, over the stack's signers.

import { vi } from 'vitest'
import type { TransferRequestBody } from '../../src/shared/schema/transfer-request.ts'
import { type Client, freshAddress } from './client.ts'
import type { Stack } from './stack.ts'

const COUNT = 100
const AT_ONCE = 20
/** Milliseconds between two tries of a client, and until it gives up. */
const AGAIN_MS = 100
const ANSWER_MS = 60_000

export type Planned = { readonly key: string; readonly request: TransferRequestBody }

export function hundredRequests(
  { chain, signers, token }: Pick<Stack, 'chain' | 'signers' | 'token'>,
  name: string,
): readonly Planned[] {
  return Array.from({ length: COUNT }, (_, index) => {
    const to = freshAddress(`${name} ${index}`)
    const amount = String(1_000 + index)
    const from = signers[index % signers.length] ?? ''
    const action =
      index % 2 === 0
        ? { type: 'native' as const, to, amount }
        : { type: 'erc20' as const, token, to, amount }
    return { key: `${name}-${index}`, request: { chain, from, action } }
  })
}

/** Twenty at a time; answers the ids in order. */
export async function postAll(client: Client, planned: readonly Planned[]): Promise<readonly string[]> {
  const ids: string[] = []
  for (let start = 0; start < planned.length; start += AT_ONCE) {
    const documents = await Promise.all(
      planned.slice(start, start + AT_ONCE).map(({ key, request }) => client.post(key, request)),
    )
    ids.push(...documents.map(({ id }) => id))
  }
  return ids
}

/** As a client does that must not lose a payment: an unanswered request is sent again with its key until it is. */
export async function postPatiently(client: Client, planned: readonly Planned[]): Promise<readonly string[]> {
  const ids: string[] = []
  for (let start = 0; start < planned.length; start += AT_ONCE) {
    const chunk = planned.slice(start, start + AT_ONCE)
    ids.push(...(await Promise.all(chunk.map((one) => postUntilAnswered(client, one)))))
  }
  return ids
}

function postUntilAnswered(client: Client, { key, request }: Planned): Promise<string> {
  return vi.waitFor(async () => (await client.post(key, request)).id, {
    timeout: ANSWER_MS,
    interval: AGAIN_MS,
  })
}
