// Whether private transfers can be posted to a chain: it needs endpoints that are private, and accounts to send from.

import type { ChainPolicy } from '../../shared/chain/policy.ts'
import type { Call } from './operation.ts'

export function offersPrivate({ env }: Pick<Call, 'env'>, { chain, private_signers }: ChainPolicy): boolean {
  return (private_signers ?? []).length > 0 && env.takesPrivate(chain)
}
