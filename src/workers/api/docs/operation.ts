// GET /docs: the reference as one page that needs nothing else, so that it can be saved and read anywhere.

import { createHash } from 'node:crypto'
import { ok } from '../../../shared/lib/result.ts'
import { COMMON_HEADERS } from '../answer.ts'
import type { Operation } from '../operation.ts'
import { noQuery } from '../query.ts'
import { docsHtml } from './page.ts'
import { SCRIPT } from './script.ts'
import { STYLE } from './style.ts'

/** Only the one style and the one script that are in the page run; it fetches nothing and sends nothing. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  `style-src '${hashOf(STYLE)}'`,
  `script-src '${hashOf(SCRIPT)}'`,
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** `operations` is asked for when the page is first read: the page is one of them. */
export function docsPage(operations: () => readonly Operation[]): Operation {
  let page: string | null = null
  return {
    name: 'docs',
    method: 'get',
    path: '/docs',
    group: 'Service',
    summary: 'The reference as a page',
    description: 'What /openapi.json says, for people.',
    query: noQuery,
    headers: [],
    answers: { 200: { description: 'The page.', mediaType: 'text/html' } },
    problems: [],
    role: null,
    handle: async () => {
      page ??= await docsHtml(operations())
      return ok(new Response(page, { headers: HEADERS }))
    },
  }
}

const HEADERS = {
  ...COMMON_HEADERS,
  'Cache-Control': 'no-cache',
  'Content-Security-Policy': CONTENT_SECURITY_POLICY,
  'Content-Type': 'text/html; charset=utf-8',
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`
}
