// How a schema names what is wrong: a stable code of ours beside zod's own message.

import type { z } from 'zod'

/** Codes that a scalar schema gives; the wire shows them as they are. */
export type InputCode =
  | 'invalid_address'
  | 'invalid_checksum'
  | 'invalid_pool'
  | 'invalid_chain'
  | 'invalid_hex'
  | 'invalid_time'
  | 'amount_not_decimal'
  | 'amount_negative'
  | 'amount_fractional'
  | 'amount_zero'
  | 'amount_too_large'

/** A zod issue that carries one of our codes. Push it to `ctx.issues` inside a codec. */
export function inputIssue(input: unknown, code: InputCode, message: string): z.core.$ZodRawIssue {
  return { code: 'custom', input, message, params: { code } }
}
