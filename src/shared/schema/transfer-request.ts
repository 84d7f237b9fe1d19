// The body of POST /v1/transfers. Unknown fields are refused: a misspelt `deadline` must not become no deadline.

import { z } from 'zod'
import { VISIBILITIES } from '../routing/visibility.ts'
import type { Action, SingleAction, TransferRequest } from '../transfer/request.ts'
import { SPEEDS } from '../transfer/request.ts'
import { address, chainId, hex, positiveUint256, sender, time, uint256 } from './scalars.ts'

/** Characters; a line of an invoice, not a document. */
export const REFERENCE_MAX_CHARACTERS = 256
/** Tags are for filters: more than this many says that a field is missing elsewhere. */
export const TAGS_MAX = 16
export const TAG_MAX_CHARACTERS = 64
/** Blocks. A chain without finality tags is final far below this. */
export const CONFIRMATIONS_MAX = 1_000
/** Bytes of calldata: a node's own limit of a transaction is 131,072. */
export const CALL_DATA_MAX_BYTES = 65_536
/** Of one all-or-nothing batch: it has to fit one transaction beside nothing else, and is one record of a log. */
export const BATCH_ACTIONS_MAX = 64

export const nativeAction = z.strictObject({
  type: z.literal('native'),
  to: address,
  amount: positiveUint256.describe('Wei.'),
})

export const erc20Action = z.strictObject({
  type: z.literal('erc20'),
  token: address.describe('The token’s contract.'),
  to: address,
  amount: positiveUint256.describe('In the smallest unit of the token.'),
})

export const callAction = z.strictObject({
  type: z.literal('call'),
  to: address.describe('The contract. Not one of the signers of this deployment.'),
  data: hex.refine((data) => data.length <= 2 + 2 * CALL_DATA_MAX_BYTES, {
    message: `must be at most ${CALL_DATA_MAX_BYTES} bytes`,
  }),
  value: uint256.default(0n).describe('Wei that go with the call; "0" where left out.'),
})

export const singleAction = z.discriminatedUnion('type', [nativeAction, erc20Action, callAction])

export const batchAction = z.strictObject({
  type: z.literal('batch'),
  actions: z
    .array(singleAction)
    .min(1)
    .max(BATCH_ACTIONS_MAX)
    .readonly()
    .refine((actions) => actions.reduce((bytes, one) => bytes + dataBytes(one), 0) <= CALL_DATA_MAX_BYTES, {
      message: `must hold at most ${CALL_DATA_MAX_BYTES} bytes of call data together`,
    })
    .describe('In this order; all of them or none.'),
})

export const action = z.discriminatedUnion('type', [nativeAction, erc20Action, callAction, batchAction])

function dataBytes(one: SingleAction): number {
  return one.type === 'call' ? (one.data.length - '0x'.length) / 2 : 0
}

export const transferRequest = z.strictObject({
  chain: chainId,
  from: sender.describe(
    'A signer of your tenant on this chain, or one of its pools as `pool:NAME`: then a signer with room and funds is chosen.',
  ),
  action,
  speed: z.enum(SPEEDS).default('standard').describe('What it may bid for the next blocks.'),
  not_before: time.nullable().default(null).describe('It waits until then; null: at once.'),
  deadline: time.nullable().default(null).describe('It expires then unless it has a nonce; null: never.'),
  max_fee_per_gas: positiveUint256
    .nullable()
    .default(null)
    .describe('Wei per unit of gas: the most that it may bid; null: what the signer allows.'),
  confirmations: z
    .number()
    .int()
    .min(1)
    .max(CONFIRMATIONS_MAX)
    .nullable()
    .default(null)
    .describe('Blocks, the mined one included, until it is `confirmed`; null: the default of the chain.'),
  batch: z
    .enum(['auto', 'never'])
    .default('auto')
    .describe('never: a transaction of its own; nothing else shares it.'),
  on_failure: z
    .enum(['fail', 'retry'])
    .default('fail')
    .describe(
      'retry: when its transaction reverted, and that is final, it goes once more, alone, after another trial run.',
    ),
  visibility: z
    .enum(VISIBILITIES)
    .default('public')
    .describe(
      'private: no endpoint sees it before it is in a block but those that are marked private. Its sender must be a private one.',
    ),
  reference: z
    .string()
    .max(REFERENCE_MAX_CHARACTERS)
    .nullable()
    .default(null)
    .describe('Your own word for it, such as an invoice.'),
  tags: z
    .array(z.string().min(1).max(TAG_MAX_CHARACTERS))
    .max(TAGS_MAX)
    .readonly()
    .default([])
    .describe('Your own words to find it by.'),
})

/** What a client writes. */
export type TransferRequestBody = z.input<typeof transferRequest>

// The schema and the domain say the same, or this does not compile.
transferRequest satisfies z.ZodType<TransferRequest>
action satisfies z.ZodType<Action>
