// A signer's look at its account: the first endpoint that answers and is not behind, and a second opinion where one is
// wanted.

import { firstAnswer } from '../../shared/adapters/routing/first-answer.ts'
import type { Wait } from '../../shared/adapters/routing/timer.ts'
import type { ChainNode, NodeFailure, NodeResult } from '../../shared/ports/chain-node.ts'
import type { Visibility } from '../../shared/routing/visibility.ts'
import type { SignerAccount, SignerQuery } from '../../shared/signer/account/account.ts'

/** An account as one operator's endpoint sees it. */
export type SignerLook = { readonly operator: string; readonly account: SignerAccount }

/** `besides`: an operator that was asked already; null: none was. */
export type Whom = { readonly besides: string | null; readonly visibility: Visibility }

const BEHIND: NodeFailure = { reason: 'unreachable', detail: 'it is behind what is known of the account' }

/** `besides`: of any operator but this one. Null: there is no other. `wait`: default, the clock's. */
export async function askAccount(
  nodes: readonly Pick<ChainNode, 'name' | 'operator' | 'lateAfterMs' | 'signerAccount'>[],
  query: SignerQuery,
  besides: string | null,
  isUsable: (account: SignerAccount) => boolean,
  onFailure: (endpoint: string, failure: NodeFailure) => void,
  wait?: Wait,
): Promise<NodeResult<SignerLook> | null> {
  const asked = nodes.filter(({ operator }) => operator !== besides)
  if (asked.length === 0 && nodes.length > 0) return null
  const answer = await firstAnswer(asked, {
    ask: (node) => node.signerAccount(query),
    refuse: (account) => (isUsable(account) ? null : BEHIND),
    onFailure,
    ...(wait === undefined ? {} : { wait }),
  })
  if (!answer.ok) return answer
  const { node, value: account } = answer.value
  return { ok: true, value: { operator: node.operator, account } }
}
