// Blocks on top of a step's inclusion, by the hash of its block: a number alone means nothing once there was a reorg.

import { logEvent } from '../../../shared/adapters/json-log.ts'
import type { BlockRef } from '../../../shared/chain/block.ts'
import { blockHash, chainId, count } from '../../../shared/schema/scalars.ts'
import type { TransferDocument } from '../../../shared/schema/transfer-document.ts'
import { isFinal } from '../../../shared/transfer/status.ts'
import { ask, isTemporary } from '../dependency.ts'
import type { Call } from '../operation.ts'

type Step = TransferDocument['steps'][number]

/** Null: not in a block, or nothing can undo it any more, or the chain does not answer; the transfer itself is known. */
export async function countConfirmations(call: Call, chainText: string, step: Step): Promise<number | null> {
  if (step.block_number === null || step.block_hash === null || isFinal(step.status)) return null
  const chain = chainId.parse(chainText)
  const block: BlockRef = { number: count.parse(step.block_number), hash: blockHash.parse(step.block_hash) }
  try {
    const depth = await call.isolate.depths.read(
      `${chain}/${block.hash}`,
      () =>
        ask(
          () => call.env.CHAIN.getByName(chain),
          (actor) => actor.depth(chain, block),
        ),
      call.later,
    )
    return depth?.confirmations ?? null
  } catch (error) {
    if (!isTemporary(error)) throw error
    logEvent('warn', 'api.depth_unavailable', { chain, error })
    return null
  }
}
