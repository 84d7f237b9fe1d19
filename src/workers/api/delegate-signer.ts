// POST /v1/signers/{chain}/{address}/delegate and /revoke: whether an account has the executor's code, so that its
// transfers can share a transaction.

import { isAddress } from '../../shared/chain/address.ts'
import { isChainId } from '../../shared/chain/chain-id.ts'
import { visibilityFor } from '../../shared/chain/policy.ts'
import { assertNever } from '../../shared/lib/assert.ts'
import { err, ok } from '../../shared/lib/result.ts'
import { signerObjectName } from '../../shared/ports/namespace.ts'
import type { SignerName } from '../../shared/ports/signer-actor.ts'
import { parseChainPolicies } from '../../shared/schema/deployment.ts'
import type { DelegationWish } from '../../shared/signer/ask-delegation.ts'
import { jsonAnswer } from './answer.ts'
import { causedBy } from './authenticate.ts'
import { ask } from './dependency.ts'
import { readIdempotencyKey } from './idempotency-key.ts'
import type { Operation, Outcome, TenantCall } from './operation.ts'
import { type Problem, problem } from './problem.ts'
import { noQuery, readQuery } from './query.ts'
import { signerOwner } from './transfers/creation-policy.ts'

const PROBLEMS = [
  'signer_unknown',
  'unknown_field',
  'duplicate_field',
  'idempotency_key_missing',
  'idempotency_key_invalid',
  'no_executor',
  'signer_private',
  'signer_fenced',
] as const

export const delegateSigner = operationOf(
  'delegateSigner',
  'delegate',
  'executor',
  'Let a signer batch',
  'The account makes the executor of its chain its own code (EIP-7702), by a transaction of its own on an empty nonce ' +
    'line. From then on its transfers share transactions. Where the chain’s `delegate` is `on_need` it does so by itself.',
)

export const revokeSigner = operationOf(
  'revokeSigner',
  'revoke',
  'none',
  'Take a signer’s delegation back',
  'The account has no code again, and its transfers are transactions of their own. Only a command delegates it anew.',
)

function operationOf(
  name: string,
  verb: 'delegate' | 'revoke',
  wish: DelegationWish,
  summary: string,
  description: string,
): Operation {
  return {
    name,
    method: 'post',
    path: `/v1/signers/{chain}/{address}/${verb}`,
    group: 'Chains and signers',
    summary,
    description,
    query: noQuery,
    headers: ['Idempotency-Key'],
    answers: {
      200: { description: 'It is so.', schema: 'Delegation', example: { result: 'done' } },
      202: { description: 'It is to come.', schema: 'Delegation', example: { result: 'asked' } },
    },
    problems: PROBLEMS,
    role: 'admin',
    handle: (call) => handle(call, wish),
  }
}

async function handle(call: TenantCall, wish: DelegationWish): Promise<Outcome> {
  const query = readQuery(call.request, noQuery)
  if (!query.ok) return query
  const key = readIdempotencyKey(call.request.headers)
  if (!key.ok) return key
  const name = await nameOf(call)
  if (name === null) return err(signerNotFound())
  // Before its first transfer the account itself does not know yet.
  if (wish === 'executor' && isPrivate(call, name)) return err(signerPrivate())
  const answer = await ask(
    () => call.env.SIGNER.getByName(signerObjectName(name.chain, name.address)),
    (signer) => signer.delegate(name, wish, key.value, causedBy(call.caller)),
  )
  const { result } = answer
  switch (result) {
    case 'asked':
      return ok(jsonAnswer({ result }, 202))
    case 'done':
      return ok(jsonAnswer({ result }, 200))
    case 'no_executor':
      return err(problem('no_executor', `${name.chain} has no executor in CHAINS.`))
    case 'private':
      return err(signerPrivate())
    case 'fenced':
      return err(problem('signer_fenced', 'Nothing is signed for this account now.'))
    default:
      return assertNever(result)
  }
}

/** Null: not one of the tenant's, or of a chain that is not served any more. */
async function nameOf(call: TenantCall): Promise<SignerName | null> {
  const chain = call.param('chain')
  const account = call.param('address').toLowerCase()
  if (!isChainId(chain) || !isAddress(account)) return null
  if (!parseChainPolicies(call.env.CHAINS).has(chain)) return null
  const owner = await signerOwner(call, chain, account)
  return owner === call.caller.tenant ? { chain, address: account, tenant: call.caller.tenant } : null
}

function isPrivate({ env }: TenantCall, { chain, address }: SignerName): boolean {
  return visibilityFor(parseChainPolicies(env.CHAINS).get(chain), address) === 'private'
}

function signerPrivate(): Problem {
  return problem('signer_private', 'What goes from this account is private, and goes one by one.')
}

function signerNotFound(): Problem {
  return problem('signer_unknown', 'No signer of yours has this address on this chain.')
}
