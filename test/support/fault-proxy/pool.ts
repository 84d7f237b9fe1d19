// The node's transaction pool as the rules of real nodes need it: who has what at which nonce, for which fees.

import { type RecoverAuthorizationAddressParameters, recoverAuthorizationAddress } from 'viem/utils'
import { z } from 'zod'
import { quantity, type Upstream } from './rpc.ts'

const bigQuantity = z.string().transform((hex) => BigInt(hex))
const word = z.templateLiteral(['0x', z.string().regex(/^[0-9a-f]*$/i)])

const authorization = z.looseObject({
  chainId: quantity,
  address: word,
  nonce: quantity,
  yParity: quantity,
  r: word,
  s: word,
})

const pooledTransaction = z
  .looseObject({
    hash: z.string(),
    nonce: quantity,
    gasPrice: bigQuantity.optional(),
    maxFeePerGas: bigQuantity.optional(),
    maxPriorityFeePerGas: bigQuantity.optional(),
    maxFeePerBlobGas: bigQuantity.optional(),
    authorizationList: z.array(authorization).nullish(),
  })
  .transform(({ hash, nonce, gasPrice, authorizationList, ...fees }) => ({
    hash,
    nonce,
    maxFee: fees.maxFeePerGas ?? gasPrice ?? 0n,
    priorityFee: fees.maxPriorityFeePerGas ?? gasPrice ?? 0n,
    blobFee: fees.maxFeePerBlobGas ?? null,
    authorizations: authorizationList ?? [],
  }))
export type PooledTransaction = z.infer<typeof pooledTransaction>

const accounts = z.record(z.string(), z.record(z.string(), pooledTransaction))
const poolContent = z.object({ pending: accounts, queued: accounts })

export type Pool = {
  /** Can be mined next, in nonce order. */
  readonly pending: readonly PooledTransaction[]
  /** Above a gap. */
  readonly queued: readonly PooledTransaction[]
  /** Accounts whose authorization a waiting transaction carries. */
  readonly authorities: ReadonlySet<string>
}

/** What waits of `sender`. */
export async function poolOf(upstream: Upstream, sender: string): Promise<Pool> {
  const { pending, queued } = await upstream.ask(poolContent, 'txpool_content')
  const authorities = new Set<string>()
  const carried = [...Object.values(pending), ...Object.values(queued)].flatMap((byNonce) =>
    Object.values(byNonce).flatMap(({ authorizations }) => authorizations),
  )
  for (const tuple of carried) authorities.add(await authorityOf(tuple))
  return { pending: listOf(pending, sender), queued: listOf(queued, sender), authorities }
}

export async function authorityOf(
  authorization: RecoverAuthorizationAddressParameters['authorization'],
): Promise<string> {
  return (await recoverAuthorizationAddress({ authorization })).toLowerCase()
}

function listOf(content: z.infer<typeof accounts>, sender: string): readonly PooledTransaction[] {
  const found = Object.entries(content).find(([address]) => address.toLowerCase() === sender)
  return Object.values(found?.[1] ?? {}).sort((a, b) => a.nonce - b.nonce)
}
