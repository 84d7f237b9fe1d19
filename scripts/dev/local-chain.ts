// The chain that `npm start` and the tests run: its name, its pace and its finality.

import type { Address } from '../../src/shared/chain/address.ts'
import { type ChainId, isChainId } from '../../src/shared/chain/chain-id.ts'
import type { BatchPolicy, ChainPolicy } from '../../src/shared/chain/policy.ts'
import { assert } from '../../src/shared/lib/assert.ts'

/** Anvil's own chain id. */
export const LOCAL_CHAIN_REFERENCE = 31_337
export const LOCAL_CHAIN: ChainId = localChain()

/** Seconds between blocks. */
export const DEFAULT_BLOCK_TIME_S = 1
/** Anvil names the block two epochs under its head as final: 4 blocks. */
const LEAST_SLOTS_IN_AN_EPOCH = 2
/**
 * Seconds. Anvil's state is on disk soon after each block, so a SIGKILL undoes a block or two, more where the state is
 * large (anvil-host.ts). What it can undo must not have been final.
 */
const LEAST_FINALITY_S = 4
/** Blocks under the head. Head and finalized block come from one batch, between whose answers a block may be mined. */
const LEAST_FINALITY_DEPTH = 2
/** A node keeps about 16 waiting transactions of one account. */
const WINDOW = 16
/** As a deployment has it that says nothing of it. */
const DELEGATE_FROM = 8

export function slotsInAnEpoch(blockTimeS: number): number {
  return Math.max(LEAST_SLOTS_IN_AN_EPOCH, Math.ceil(LEAST_FINALITY_S / blockTimeS / 2))
}

/** `executor`: null where there is none. `carrying`: who brings batches, and from how many waiting steps on. */
export function localChainPolicy(
  blockTimeS: number,
  executor: Address | null,
  delegateFrom: number = DELEGATE_FROM,
  carrying: Pick<BatchPolicy, 'carriers' | 'carry_from'> = {},
): ChainPolicy {
  return {
    chain: LOCAL_CHAIN,
    name: 'Local',
    native_symbol: 'ETH',
    block_time_ms: Math.max(1, Math.round(blockTimeS * 1_000)),
    confirmations: 1,
    finality: { tag: true, min_depth: LEAST_FINALITY_DEPTH, depth: 2 * slotsInAnEpoch(blockTimeS) },
    window: WINDOW,
    batch:
      executor === null ? null : { executor, delegate: 'on_need', delegate_from: delegateFrom, ...carrying },
    fast_path: true,
    // Gas costs nothing here: only who asks for economy waits.
    price_waits: 'economy',
  }
}

function localChain(): ChainId {
  const chain = `eip155:${LOCAL_CHAIN_REFERENCE}`
  assert(isChainId(chain), `not a chain: ${chain}`)
  return chain
}
