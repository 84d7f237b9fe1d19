// What stands after the question mark. Nothing is ignored: `?dry_run=true` on an operation that does not know it must
// not move value.

import { z } from 'zod'
import { err, ok, type Result } from '../../shared/lib/result.ts'
import { fieldProblem, inputProblem } from './input-fault.ts'
import { type Problem, problem } from './problem.ts'

/** Entries of a page. */
export const PAGE_DEFAULT = 50
/** Entries of a page: a document has 2 to 4 KB, so a page stays under 1 MB. */
export const PAGE_MAX = 200
/** Characters of a cursor that is given out are under 200. */
const CURSOR_MAX_CHARACTERS = 512

export const noQuery = z.strictObject({})

export function readQuery<Schema extends z.ZodObject>(
  request: Request,
  schema: Schema,
): Result<z.output<Schema>, Problem> {
  const start = request.url.indexOf('?')
  const raw: Record<string, string> = Object.create(null)
  if (start !== -1) {
    for (const [name, value] of new URL(request.url).searchParams) {
      if (name in raw)
        return err(fieldProblem(name, 'duplicate_field', 'stands twice after the question mark'))
      raw[name] = value
    }
  }
  const parsed = schema.safeParse(raw)
  return parsed.success ? ok(parsed.data) : err(inputProblem(parsed.error, raw))
}

/** A whole number in decimal digits, nothing else: `1e3`, `0x10` and the empty text are not counts. */
export function countParameter(range: {
  readonly min: number
  readonly max: number
  readonly otherwise: number
}) {
  const message = `must be a whole number from ${range.min} to ${range.max}`
  return z
    .string()
    .refine(
      (text) => /^\d{1,15}$/.test(text) && Number(text) >= range.min && Number(text) <= range.max,
      message,
    )
    .transform(Number)
    .default(range.otherwise)
    .meta({ type: 'integer', minimum: range.min, maximum: range.max, default: range.otherwise })
}

/** Which entries of a list: its place is opaque to the caller. */
export const pageQuery = {
  limit: countParameter({ min: 1, max: PAGE_MAX, otherwise: PAGE_DEFAULT }).describe('Entries of the page.'),
  cursor: z.string().max(CURSOR_MAX_CHARACTERS).optional().describe('`next_cursor` of the page before.'),
}

export function encodeCursor(...parts: readonly string[]): string {
  return btoa(parts.join(',')).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/** `read` checks the parts and gives null for what was never given out. */
export function decodeCursor<Place>(
  cursor: string | undefined,
  read: (parts: readonly string[]) => Place | null,
): Result<Place | null, Problem> {
  if (cursor === undefined) return ok(null)
  const place = read(cursorParts(cursor))
  if (place !== null) return ok(place)
  return err(problem('invalid_cursor', 'The cursor cannot be read, or belongs to another list.'))
}

function cursorParts(cursor: string): readonly string[] {
  try {
    return atob(cursor.replaceAll('-', '+').replaceAll('_', '/')).split(',')
  } catch {
    return []
  }
}

/** RFC 8288. */
export function nextLink(path: string, query: Readonly<Record<string, string | undefined>>): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, value)
  return `<${path}?${search}>; rel="next"`
}
