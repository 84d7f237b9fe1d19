// The body of a request as JSON. It is read as JSON whatever its Content-Type says: a client that forgot the header
// means the same, and no body may slip past the checks by naming another type.

import { readBounded } from '../../shared/adapters/read-bounded.ts'
import type { Json } from '../../shared/lib/canonical-json.ts'
import { err, ok, type Result } from '../../shared/lib/result.ts'
import { CALL_DATA_MAX_BYTES } from '../../shared/schema/transfer-request.ts'
import { discardRest } from './discard-body.ts'
import { type Problem, problem } from './problem.ts'

/** Bytes, for all beside calldata: the longest reference and tags come to 8 KiB with every character escaped. */
const FIELDS_MAX_BYTES = 32_768
/** Bytes: 160 KiB. Calldata is two hex digits for each byte. */
export const BODY_MAX_BYTES = FIELDS_MAX_BYTES + 2 * CALL_DATA_MAX_BYTES

export type JsonBody = { readonly text: string; readonly value: Json }

/** An empty body is `null` here. */
export async function readJsonBody(request: Request): Promise<Result<JsonBody | null, Problem>> {
  const bytes = await readBounded(request.body, BODY_MAX_BYTES, discardRest)
  if (bytes === null) {
    return err(problem('body_too_large', `The body has more than ${BODY_MAX_BYTES} bytes.`))
  }
  if (bytes.length === 0) return ok(null)
  const body = parse(bytes)
  return body === null ? err(notJson('The body cannot be read as JSON in UTF-8.')) : ok(body)
}

export function notJson(detail: string): Problem {
  return problem('not_json', detail)
}

function parse(bytes: Uint8Array): JsonBody | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes)
    return { text, value: JSON.parse(text) }
  } catch {
    return null
  }
}
