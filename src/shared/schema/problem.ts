// What goes wrong over HTTP (RFC 9457). One table: a code never changes its meaning or its status, clients switch over it.

import { z } from 'zod'
import type { CreateRefusal } from '../transfer/decide.ts'
import type { InputCode } from './issue.ts'

export type ProblemKind = {
  readonly status: number
  /** What it is, the same each time. */
  readonly title: string
  /** What the caller can do about it. */
  readonly help: string
}

/** Faults of single fields: all 400, so a client may treat them alike. */
const FIELD_PROBLEMS = {
  unknown_field: {
    status: 400,
    title: 'A field is not known here',
    help: 'Remove the field or correct its name. Nothing is ignored, so that a misspelt field cannot change a transfer.',
  },
  missing_field: { status: 400, title: 'A field is missing', help: 'Add the field.' },
  duplicate_field: {
    status: 400,
    title: 'A field stands twice in one object',
    help: 'Send each field once: readers disagree about which of two counts.',
  },
  invalid_field: {
    status: 400,
    title: 'A field has a value that it cannot have',
    help: 'Correct the value. The reference at /docs says what the field takes.',
  },
  invalid_address: {
    status: 400,
    title: 'Not an address',
    help: 'Send 0x and 40 hex digits, as a string.',
  },
  invalid_checksum: {
    status: 400,
    title: 'The checksum of an address is wrong',
    help: 'Compare the address with its source: a letter was mistyped. All lower case is taken without a checksum.',
  },
  invalid_pool: {
    status: 400,
    title: 'Not the name of a pool',
    help: 'Send pool: and 1 to 64 of a-z, 0-9, _ and -. GET /v1/pools lists those that you have.',
  },
  invalid_chain: {
    status: 400,
    title: 'Not the id of an EVM chain',
    help: 'Send a CAIP-2 id such as eip155:1. GET /v1/chains lists those that are served.',
  },
  invalid_hex: {
    status: 400,
    title: 'Not bytes in hex',
    help: 'Send 0x and an even number of hex digits, as a string.',
  },
  invalid_time: {
    status: 400,
    title: 'Not a time',
    help: 'Send RFC 3339 with an offset, such as 2026-01-31T12:00:00Z.',
  },
  amount_not_decimal: {
    status: 400,
    title: 'An amount is not a string of decimal digits',
    help: 'Send base units as a string, such as "1000000000000000": a JSON number loses digits on the way.',
  },
  amount_negative: { status: 400, title: 'An amount is negative', help: 'Send an amount above zero.' },
  amount_fractional: {
    status: 400,
    title: 'An amount has a fraction',
    help: 'Send whole base units: wei, or the smallest unit of the token.',
  },
  amount_zero: {
    status: 400,
    title: 'An amount is zero where that makes no sense',
    help: 'Send an amount above zero, or leave an optional limit out.',
  },
  amount_too_large: {
    status: 400,
    title: 'An amount is above uint256',
    help: 'Send at most 2^256 - 1. Check whether the decimals of the token were applied twice.',
  },
} as const satisfies Readonly<Record<InputCode, ProblemKind>> & Readonly<Record<string, ProblemKind>>

/** What a new transfer may not be, whatever its form. */
const POLICY_PROBLEMS = {
  unknown_chain: {
    status: 400,
    title: 'This chain is not served here',
    help: 'Use one of the chains that GET /v1/chains lists.',
  },
  signer_not_found: {
    status: 400,
    title: 'You have no such signer or pool on this chain',
    help: 'Use one of the signers that GET /v1/signers lists as `from`, or a pool of GET /v1/pools.',
  },
  visibility_unavailable: {
    status: 400,
    title: 'This chain has no private transfers',
    help: 'Send `visibility: "public"`, or use a chain with `private_transfers` in GET /v1/chains.',
  },
  visibility_of_sender: {
    status: 400,
    title: 'The sender is for transfers of the other visibility',
    help: 'GET /v1/signers tells the `visibility` of each signer: use one of yours, or change that of the transfer.',
  },
  batch_not_private: {
    status: 400,
    title: 'A private transfer has one action',
    help: 'Post a private transfer for each action, or a public one with all of them.',
  },
  batch_unavailable: {
    status: 400,
    title: 'This chain has no batches',
    help: 'Post a transfer for each action, or use a chain that has an `executor` in GET /v1/chains.',
  },
  call_to_signer: {
    status: 400,
    title: 'A call must not go to a signer',
    help: 'Use a native or erc20 transfer to move value to a signer.',
  },
  deadline_passed: {
    status: 400,
    title: 'The deadline has passed already',
    help: 'Send a deadline in the future, and check the clock of the sender.',
  },
} as const satisfies Readonly<Record<CreateRefusal | 'deadline_passed', ProblemKind>>

export const PROBLEMS = {
  ...FIELD_PROBLEMS,
  ...POLICY_PROBLEMS,

  // The request as a whole.
  not_json: { status: 400, title: 'The body is not JSON', help: 'Send one JSON object in UTF-8.' },
  body_too_large: {
    status: 413,
    title: 'The body is too large',
    help: 'Shorten the body. Only `data` of a call needs room, and a node takes no larger transaction anyway.',
  },
  idempotency_key_missing: {
    status: 400,
    title: 'The Idempotency-Key header is missing',
    help: 'Make a new key for each new command, store it, and send the same one with every repeat.',
  },
  idempotency_key_invalid: {
    status: 400,
    title: 'The Idempotency-Key header cannot be used',
    help: 'Send 1 to 255 visible ASCII characters, bare or in double quotes. A UUID is a good key.',
  },
  idempotency_key_reused: {
    status: 422,
    title: 'The Idempotency-Key belongs to another request',
    help: 'Make a new key for a new transfer. The first one is untouched.',
  },
  invalid_cursor: {
    status: 400,
    title: 'The cursor is not one that was given out',
    help: 'Take `next_cursor` of the last page as it is, or start again without a cursor.',
  },
  upgrade_required: {
    status: 426,
    title: 'This address speaks WebSocket',
    help: 'Open it with a WebSocket client, or read the log at /v1/transfers/{id}/wal.',
  },

  // Who asks.
  unauthenticated: {
    status: 401,
    title: 'No API key was sent',
    help: 'Send the header `Authorization: Bearer wb_...`.',
  },
  invalid_key: {
    status: 401,
    title: 'The API key is not valid',
    help: 'Check the key for a copying mistake, or ask for a new one: it may have been revoked.',
  },
  forbidden: {
    status: 403,
    title: 'The role of the API key is too small',
    help: 'Use a key with the role that the operation asks for.',
  },

  // What is asked for.
  route_not_found: {
    status: 404,
    title: 'There is nothing at this address',
    help: 'See /docs for what there is.',
  },
  method_not_allowed: {
    status: 405,
    title: 'This address does not take this method',
    help: 'Use one of the methods in the Allow header.',
  },
  transfer_not_found: {
    status: 404,
    title: 'There is no such transfer',
    help: 'Check the id. GET /v1/transfers lists the transfers of your tenant.',
  },
  record_not_found: {
    status: 404,
    title: 'The transfer has no such record',
    help: 'Records are counted from 1 to the `seq` of the transfer.',
  },
  chain_not_found: {
    status: 404,
    title: 'This chain is not served here',
    help: 'GET /v1/chains lists the chains that are.',
  },

  // Commands.
  signer_unknown: {
    status: 404,
    title: 'There is no such signer',
    help: 'Use one of the signers that GET /v1/signers lists.',
  },
  no_executor: {
    status: 409,
    title: 'The chain has no executor',
    help: 'Its operator has to name one: see the configuration, `batch`.',
  },
  signer_private: {
    status: 409,
    title: 'The signer is private',
    help: 'Use another signer for batches: what is private goes in transactions of its own.',
  },
  signer_fenced: {
    status: 409,
    title: 'The signer is fenced',
    help: 'Its log is damaged or an old copy: see the recovery page.',
  },
  cancel_too_late: {
    status: 409,
    title: 'The transfer can no longer be canceled',
    help: 'Read the transfer: it has ended, or it stands in a block.',
  },
  cancel_in_progress: {
    status: 409,
    title: 'Another command has canceled this transfer',
    help: 'Read the transfer, or repeat the first command with its own Idempotency-Key.',
  },

  speed_up_too_late: {
    status: 409,
    title: 'The transfer can no longer be sped up',
    help: 'Read the transfer: it has ended, stands in a block, or is being canceled.',
  },

  // Our side.
  transfer_fenced: {
    status: 503,
    title: 'The log of the transfer is damaged',
    help: 'Nothing is lost or paid twice. It goes on when its log is repaired; read it in the meantime, and ask the operator.',
  },
  not_ready: { status: 503, title: 'A part that is needed does not answer', help: 'Look at `parts`.' },
  unavailable: {
    status: 503,
    title: 'Not available for a moment',
    help: 'Repeat the request with the same Idempotency-Key after the time in Retry-After. It cannot happen twice.',
  },
  internal: {
    status: 500,
    title: 'A mistake of ours',
    help: 'Repeat the request with the same Idempotency-Key. If it stays, report the request_id.',
  },
} as const satisfies Readonly<Record<string, ProblemKind>>

export type ProblemCode = keyof typeof PROBLEMS
/** Of a single field. */
export type FieldCode = keyof typeof FIELD_PROBLEMS | keyof typeof POLICY_PROBLEMS

/** Codes that a schema gives, and those that the object gives for what is new. */
export const FORM_CODES = Object.keys(FIELD_PROBLEMS) as (keyof typeof FIELD_PROBLEMS)[]
export const POLICY_CODES = Object.keys(POLICY_PROBLEMS) as (keyof typeof POLICY_PROBLEMS)[]
const FIELD_CODES: readonly FieldCode[] = [...FORM_CODES, ...POLICY_CODES]

export const PROBLEM_CODES = Object.keys(PROBLEMS) as ProblemCode[]

export function isFieldCode(code: unknown): code is FieldCode {
  return FIELD_CODES.some((known) => known === code)
}

export const problemCode = z.enum(PROBLEM_CODES)
export const fieldCode = z.enum(FIELD_CODES)

export const fieldFault = z.strictObject({
  field: z.string().describe('Path of the field in the body, or the name of the parameter: action.amount.'),
  code: fieldCode,
  detail: z.string(),
})
export type FieldFault = z.infer<typeof fieldFault>

export const failingPart = z.strictObject({
  part: z.string().describe('settings, database, or the id of a chain.'),
  detail: z.string(),
})
export type FailingPart = z.infer<typeof failingPart>

export const problemDocument = z.strictObject({
  type: z.string().describe('Address of the description of the code.'),
  title: z.string(),
  status: z.number().int().min(400).max(599),
  detail: z.string().describe('What happened this time.'),
  help: z.string().describe('What to do about it.'),
  instance: z.string().describe('The path that was asked for.'),
  code: problemCode.describe('Stable: switch over this.'),
  request_id: z.string().describe('Also in X-Request-Id and in our logs.'),
  errors: z.array(fieldFault).optional().describe('Every field that is wrong; the first one gives the code.'),
  parts: z.array(failingPart).optional().describe('Only with not_ready.'),
})
export type ProblemDocument = z.input<typeof problemDocument>
