// The Idempotency-Key header: the name that the caller gives to a command, so that repeating it is safe.

import { err, ok, type Result } from '../../shared/lib/result.ts'
import { type Problem, problem } from './problem.ts'

/** Characters, without the quotes. A UUID has 36; more says that something else was put there. */
export const IDEMPOTENCY_KEY_MAX_CHARACTERS = 255

/** A structured-field string (RFC 8941, 3.3.3) as a whole: `"` and `\` inside are escaped. */
const QUOTED_PATTERN = /^"((?:[^"\\]|\\["\\])*)"$/
const VISIBLE_ASCII_PATTERN = /^[\x21-\x7e]+$/

/** Bare and quoted forms of the same text are the same key. */
export function readIdempotencyKey(headers: Headers): Result<string, Problem> {
  const header = headers.get('Idempotency-Key')
  if (header === null) {
    return err(
      problem('idempotency_key_missing', 'This request moves value and carries no Idempotency-Key header.'),
    )
  }
  const key = unquoted(header)
  if (key === null || !VISIBLE_ASCII_PATTERN.test(key)) {
    return err(
      problem('idempotency_key_invalid', 'The key is empty, or has a character that is not visible ASCII.'),
    )
  }
  if (key.length > IDEMPOTENCY_KEY_MAX_CHARACTERS) {
    const detail = `The key has ${key.length} characters; ${IDEMPOTENCY_KEY_MAX_CHARACTERS} are taken.`
    return err(problem('idempotency_key_invalid', detail))
  }
  return ok(key)
}

function unquoted(header: string): string | null {
  if (!header.startsWith('"')) return header
  const [, inside] = QUOTED_PATTERN.exec(header) ?? []
  return inside?.replace(/\\(["\\])/g, '$1') ?? null
}
