// What a signer is told: absolute, as of a view.

import type { ChainFacts } from './account-facts.ts'
import type { Address } from './address.ts'
import type { BlockRef } from './block.ts'
import { isFinal } from './evolve.ts'
import type { ChainRecord } from './records.ts'
import { blockAt, type ChainState, tipOf } from './state.ts'

export function factsOf(state: ChainState, address: Address, view: number): ChainFacts {
  return {
    view,
    head: tipOf(state)?.number ?? 0,
    inclusions: state.inclusions.get(address) ?? [],
    finalized: state.finalized?.number ?? -1,
    ...timeOfFinal(state),
  }
}

function timeOfFinal({ finalized, blocks }: ChainState): Pick<ChainFacts, 'finalized_at'> {
  const block = blocks.find(({ hash }) => hash === finalized?.hash)
  return block?.at === undefined ? {} : { finalized_at: block.at }
}

/** Whether something of the account is kept that is final: until its signer has it for good. */
export function hasFinal(state: ChainState, address: Address): boolean {
  return (state.inclusions.get(address) ?? []).some((inclusion) => isFinal(state, inclusion))
}

/** Accounts for which these records changed anything; `before` and `after` are the states around them. */
export function concerned(
  before: ChainState,
  after: ChainState,
  records: readonly ChainRecord[],
): readonly Address[] {
  const addresses = new Set<Address>()
  for (const address of after.watched.keys()) {
    if (before.inclusions.get(address) !== after.inclusions.get(address)) addresses.add(address)
  }
  for (const record of records) {
    if (record.kind !== 'finalized') continue
    for (const [address, inclusions] of after.inclusions) {
      const hasNews = inclusions.some(({ receipt }) => receipt.block_number <= record.block.number)
      if (hasNews) addresses.add(address)
    }
  }
  return [...addresses]
}

/** Blocks on top, the block itself included; null: that block is not in the chain that is followed. */
export function confirmationsOf(state: ChainState, block: BlockRef): number | null {
  const tip = tipOf(state)
  if (tip === null || blockAt(state, block.number)?.hash !== block.hash) return null
  return tip.number - block.number + 1
}
