// The body of POST /v1/transfers. Unknown fields are refused: a misspelt `deadline` must not become no deadline.

import { z } from 'zod'
import type { Action, TransferRequest } from '../transfer/request.ts'
import { SPEEDS } from '../transfer/request.ts'
import { address, chainId, hex, positiveUint256, time, uint256 } from './scalars.ts'

/** Characters; a line of an invoice, not a document. */
export const REFERENCE_MAX_CHARACTERS = 256
/** Tags are for filters: more than this many says that a field is missing elsewhere. */
export const TAGS_MAX = 16
export const TAG_MAX_CHARACTERS = 64
/** Blocks. A chain without finality tags is final far below this. */
export const CONFIRMATIONS_MAX = 1_000
/** Bytes of calldata: a node's own limit of a transaction is 131,072. */
export const CALL_DATA_MAX_BYTES = 65_536

export const nativeAction = z.strictObject({
  type: z.literal('native'),
  to: address,
  amount: positiveUint256,
})

export const erc20Action = z.strictObject({
  type: z.literal('erc20'),
  token: address,
  to: address,
  amount: positiveUint256,
})

export const callAction = z.strictObject({
  type: z.literal('call'),
  to: address,
  data: hex.refine((data) => data.length <= 2 + 2 * CALL_DATA_MAX_BYTES, {
    message: `must be at most ${CALL_DATA_MAX_BYTES} bytes`,
  }),
  value: uint256.default(0n),
})

export const action = z.discriminatedUnion('type', [nativeAction, erc20Action, callAction])

export const transferRequest = z.strictObject({
  chain: chainId,
  from: address,
  action,
  speed: z.enum(SPEEDS).default('standard'),
  not_before: time.nullable().default(null),
  deadline: time.nullable().default(null),
  max_fee_per_gas: positiveUint256.nullable().default(null),
  confirmations: z.number().int().min(1).max(CONFIRMATIONS_MAX).nullable().default(null),
  batch: z.enum(['auto', 'never']).default('auto'),
  visibility: z.enum(['public', 'private']).default('public'),
  reference: z.string().max(REFERENCE_MAX_CHARACTERS).nullable().default(null),
  tags: z.array(z.string().min(1).max(TAG_MAX_CHARACTERS)).max(TAGS_MAX).readonly().default([]),
})

/** What a client writes. */
export type TransferRequestBody = z.input<typeof transferRequest>

// The schema and the domain say the same, or this does not compile.
transferRequest satisfies z.ZodType<TransferRequest>
action satisfies z.ZodType<Action>
