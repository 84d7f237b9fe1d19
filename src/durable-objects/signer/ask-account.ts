// A signer's look at its account: the first endpoint that answers and is not behind, and a second opinion where one is
// wanted.

import type { ChainNode, NodeFailure, NodeResult } from '../../shared/ports/chain-node.ts'
import type { SignerAccount, SignerQuery } from '../../shared/signer/account.ts'

/** An account as one operator's endpoint sees it. */
export type SignerLook = { readonly operator: string; readonly account: SignerAccount }

const BEHIND: NodeFailure = { reason: 'unreachable', detail: 'it is behind what is known of the account' }

/** `besides`: of any operator but this one. Null: there is no other. */
export async function askAccount(
  nodes: readonly Pick<ChainNode, 'name' | 'operator' | 'signerAccount'>[],
  query: SignerQuery,
  besides: string | null,
  isUsable: (account: SignerAccount) => boolean,
  onFailure: (endpoint: string, failure: NodeFailure) => void,
): Promise<NodeResult<SignerLook> | null> {
  const asked = nodes.filter(({ operator }) => operator !== besides)
  if (asked.length === 0 && nodes.length > 0) return null
  let last: NodeFailure = { reason: 'unreachable', detail: 'no endpoint' }
  for (const node of asked) {
    const answer = await node.signerAccount(query)
    if (answer.ok && isUsable(answer.value)) {
      return { ok: true, value: { operator: node.operator, account: answer.value } }
    }
    last = answer.ok ? BEHIND : answer.error
    onFailure(node.name, last)
  }
  return { ok: false, error: last }
}
