// POST /v1/transfers. The order of checks is the contract: who, what form, then the transfer's own object, which knows
// whether this is a repeat; time and policy are only met by what is new.

import { logEvent } from '../../../shared/adapters/json-log.ts'
import { assert, assertNever } from '../../../shared/lib/assert.ts'
import type { Json } from '../../../shared/lib/canonical-json.ts'
import { canonicalJson } from '../../../shared/lib/canonical-json.ts'
import { err, ok, type Result } from '../../../shared/lib/result.ts'
import { sha256Hex } from '../../../shared/lib/sha256.ts'
import { parseChainPolicies } from '../../../shared/schema/deployment.ts'
import { FORM_CODES, POLICY_CODES } from '../../../shared/schema/problem.ts'
import type { SubmissionMessage } from '../../../shared/schema/queue-messages.ts'
import type { TransferDocument } from '../../../shared/schema/transfer-document.ts'
import { transferRequest } from '../../../shared/schema/transfer-request.ts'
import type { CreateInput } from '../../../shared/transfer/decide.ts'
import type { TransferRequest } from '../../../shared/transfer/request.ts'
import { type SubmissionPath, submissionPath } from '../../../shared/transfer/submission-path.ts'
import { transferId } from '../../../shared/transfer/transfer-id.ts'
import { jsonAnswer, transferTag } from '../answer.ts'
import { causedBy } from '../authenticate.ts'
import { ask } from '../dependency.ts'
import { readIdempotencyKey } from '../idempotency-key.ts'
import { fieldProblem, inputProblem } from '../input-fault.ts'
import { type JsonBody, notJson, readJsonBody } from '../json-body.ts'
import { hasDuplicateMember, pathOfBrokenText } from '../json-members.ts'
import { EXAMPLE_BODIES, EXAMPLE_TRANSFER } from '../openapi/examples.ts'
import type { Operation, Outcome, TenantCall } from '../operation.ts'
import { type Problem, problem } from '../problem.ts'
import { noQuery, readQuery } from '../query.ts'
import { creationRefusal } from './creation-policy.ts'

/** Of the keys whose simple transfers may be submitted at once, where a chain is served so. */
const TRUSTED_TIER = 'trusted'
/** Milliseconds. Whoever waits longer has been told of nothing for too long: the transfer is accepted and under way. */
const SUBMIT_WAIT_MS = 2_000

export const createTransfer: Operation = {
  name: 'createTransfer',
  method: 'post',
  path: '/v1/transfers',
  group: 'Transfers',
  summary: 'Post a transfer',
  description:
    'Takes one transfer, writes it to its own log and drives it to a final state. The answer is durable: an ' +
    'accepted transfer is not lost. The Idempotency-Key names the transfer: the same key with the same body gives ' +
    'the same answer again, however often it is sent; with another body it is refused and the first ' +
    'transfer stays as it is. A body counts as the same when its RFC 8785 form is. Where the chain is served so ' +
    '(`fast_path`), simple transfers of a trusted key are signed and broadcast within the request, and answered ' +
    'with their hash.',
  query: noQuery,
  headers: ['Idempotency-Key'],
  body: { schema: 'TransferRequest', examples: EXAMPLE_BODIES },
  answers: {
    202: {
      description: 'Accepted, or accepted before under this key (then with Idempotent-Replayed).',
      schema: 'Transfer',
      headers: ['Location', 'ETag', 'Idempotent-Replayed'],
      example: EXAMPLE_TRANSFER,
    },
  },
  problems: [
    'idempotency_key_missing',
    'idempotency_key_invalid',
    'idempotency_key_reused',
    'transfer_fenced',
    'body_too_large',
    'not_json',
    ...FORM_CODES,
    ...POLICY_CODES,
  ],
  role: 'operator',
  handle: handleCreate,
}

async function handleCreate(call: TenantCall): Promise<Outcome> {
  const query = readQuery(call.request, noQuery)
  if (!query.ok) return query
  const key = readIdempotencyKey(call.request.headers)
  if (!key.ok) return key
  const body = await readJsonBody(call.request)
  if (!body.ok) return body
  if (body.value === null) return err(notJson('The body is empty.'))
  const request = readTransferRequest(body.value)
  if (!request.ok) return request
  const input: CreateInput = {
    id: transferId(call.caller.tenant, key.value),
    tenant: call.caller.tenant,
    fingerprint: fingerprint(body.value.value),
    request: request.value,
    refusal: await creationRefusal(call, request.value),
    path: pathOf(call, request.value),
  }
  const { answer, document, submission } = await ask(
    () => call.env.TRANSFER.getByName(input.id),
    (transfer) => transfer.create(input, causedBy(call.caller)),
  )
  switch (answer.result) {
    case 'created':
    case 'repeated':
      assert(document !== null, 'an accepted transfer has a document')
      return ok(
        accepted(
          submission === undefined ? document : await submitted(call, submission, document),
          answer.result === 'repeated',
        ),
      )
    case 'key_reused':
      return err(problem('idempotency_key_reused', 'The key was used before with another body.'))
    case 'fenced':
      return err(problem('transfer_fenced', 'The first request under this key cannot be read.'))
    case 'refused':
      return err(refused(answer.reason, request.value))
    default:
      return assertNever(answer)
  }
}

function pathOf({ env, caller }: TenantCall, request: TransferRequest): SubmissionPath | undefined {
  const isServed = parseChainPolicies(env.CHAINS).get(request.chain)?.fast_path === true
  return isServed ? submissionPath(request, caller.tier === TRUSTED_TIER) : undefined
}

/** It is accepted, whatever becomes of this: what takes longer goes on, and is told as any other. */
async function submitted(
  { env, later }: TenantCall,
  submission: SubmissionMessage,
  document: TransferDocument,
): Promise<TransferDocument> {
  const work = env.submit(submission).catch((error: unknown) => {
    logEvent('warn', 'api.not_submitted', { transfer: document.id, error })
    return null
  })
  later(work)
  return (await Promise.race([work, scheduler.wait(SUBMIT_WAIT_MS)])) ?? document
}

/** SHA-256 of the RFC 8785 form of the body as it was sent, hex. */
export function fingerprint(body: Json): string {
  return sha256Hex(canonicalJson(body))
}

export function readTransferRequest(body: JsonBody): Result<TransferRequest, Problem> {
  const parsed = transferRequest.safeParse(body.value)
  if (!parsed.success) return err(inputProblem(parsed.error, body.value))
  if (hasDuplicateMember(body.text, body.value)) {
    return err(fieldProblem('body', 'duplicate_field', 'names a field twice in one object'))
  }
  const broken = pathOfBrokenText(body.value)
  if (broken !== null) return err(fieldProblem(broken, 'invalid_field', 'has half of a surrogate pair'))
  return ok(parsed.data)
}

function accepted(document: TransferDocument, isRepeated: boolean): Response {
  return jsonAnswer(document, 202, {
    Location: document.links.self,
    ETag: transferTag(document),
    ...(isRepeated ? { 'Idempotent-Replayed': 'true' } : {}),
  })
}

type Refusal = NonNullable<CreateInput['refusal']> | 'deadline_passed'

function refused(reason: Refusal, request: TransferRequest): Problem {
  switch (reason) {
    case 'unknown_chain':
      return fieldProblem('chain', reason, `names ${request.chain}, which is not served here`)
    case 'signer_not_found':
      return fieldProblem('from', reason, `names no signer or pool of your tenant on ${request.chain}`)
    case 'visibility_unavailable':
      return fieldProblem('visibility', reason, `asks for private endpoints, and ${request.chain} has none`)
    case 'visibility_of_sender':
      return fieldProblem(
        'from',
        reason,
        `names nobody of yours from whom ${request.visibility} transfers go`,
      )
    case 'batch_not_private':
      return fieldProblem('action.type', reason, 'asks for one transaction of several actions')
    case 'batch_unavailable':
      return fieldProblem('action.type', reason, `asks for what no contract does on ${request.chain}`)
    case 'call_to_signer': {
      const field = request.action.type === 'batch' ? 'action.actions' : 'action.to'
      return fieldProblem(field, reason, 'names an account that signs for transfers')
    }
    case 'deadline_passed':
      return fieldProblem('deadline', reason, 'lies in the past: the transfer would expire at once')
    default:
      return assertNever(reason)
  }
}
