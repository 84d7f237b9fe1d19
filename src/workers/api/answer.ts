// Answers of the API and the headers that all of them carry.

import type { TransferDocument } from '../../shared/schema/transfer-document.ts'

/** Nothing of an answer is to be framed, guessed at, stored on the way or told to another site. */
export const COMMON_HEADERS: Readonly<Record<string, string>> = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
}

export function jsonAnswer(
  body: unknown,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return jsonText(JSON.stringify(body), status, headers)
}

/** For JSON that is text already, such as the documents of the read model. */
export function jsonText(
  text: string,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return new Response(text, {
    status,
    headers: { ...COMMON_HEADERS, 'Content-Type': 'application/json', ...headers },
  })
}

/** Weak: confirmations are counted at each reading and do not move the log. */
export function transferTag(document: TransferDocument): string {
  return `W/"${document.seq}"`
}

/** If-None-Match compares weakly: `"7"` and `W/"7"` are the same. */
export function matchesTag(condition: string | null, tag: string): boolean {
  if (condition === null) return false
  if (condition.trim() === '*') return true
  const opaque = (text: string) => text.trim().replace(/^W\//, '')
  return condition.split(',').some((candidate) => opaque(candidate) === opaque(tag))
}

export function notModified(tag: string): Response {
  return new Response(null, { status: 304, headers: { ...COMMON_HEADERS, ETag: tag } })
}
