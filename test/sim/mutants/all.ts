// All planted bugs.

import { BATCH_MUTANTS } from './batch.ts'
import { CARRIED_MUTANTS } from './carried.ts'
import { CHAIN_MUTANTS } from './chain.ts'
import { DAMAGE_MUTANTS } from './damage.ts'
import type { Mutant } from './mutant.ts'
import { OFFER_MUTANTS } from './offers.ts'
import { PRICE_MUTANTS } from './prices.ts'
import { PRIVACY_MUTANTS } from './privacy.ts'
import { ROUTING_MUTANTS } from './routing.ts'
import { SIGNER_MUTANTS } from './signer.ts'
import { TRANSFER_MUTANTS } from './transfer.ts'

export const MUTANTS: readonly Mutant[] = [
  ...SIGNER_MUTANTS,
  ...TRANSFER_MUTANTS,
  ...BATCH_MUTANTS,
  ...OFFER_MUTANTS,
  ...CARRIED_MUTANTS,
  ...PRICE_MUTANTS,
  ...CHAIN_MUTANTS,
  ...DAMAGE_MUTANTS,
  ...ROUTING_MUTANTS,
  ...PRIVACY_MUTANTS,
]

export function mutantNamed(name: string): Mutant {
  const found = MUTANTS.find((mutant) => mutant.name === name)
  if (found === undefined) throw new Error(`no mutant is named ${name}`)
  return found
}
