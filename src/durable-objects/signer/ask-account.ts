// A signer's look at its account: the first endpoint that answers.

import type { ChainNode, NodeFailure, NodeResult } from '../../shared/ports/chain-node.ts'
import type { SignerAccount, SignerQuery } from '../../shared/signer/account.ts'

export async function askAccount(
  nodes: readonly ChainNode[],
  query: SignerQuery,
  onFailure: (endpoint: string, failure: NodeFailure) => void,
): Promise<NodeResult<SignerAccount>> {
  let last: NodeResult<SignerAccount> = {
    ok: false,
    error: { reason: 'unreachable', detail: 'no endpoint' },
  }
  for (const node of nodes) {
    last = await node.signerAccount(query)
    if (last.ok) return last
    onFailure(node.name, last.error)
  }
  return last
}
