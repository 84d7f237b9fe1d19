// The API, as the command asks it.

import { z } from 'zod'

export type Target = { readonly url: string; readonly key: string }

/** Milliseconds that one answer may take. */
const ANSWER_WITHIN_MS = 30_000

/** No answer, or one that is none. The text is for people. */
export class ApiError extends Error {
  override name = 'ApiError'
}

const problem = z.looseObject({ code: z.string(), detail: z.string() })

/** What the API answers, as JSON.parse gives it. @throws ApiError for anything but a 2xx. */
export async function callApi({ url, key }: Target, method: 'GET' | 'POST', path: string): Promise<unknown> {
  const response = await fetched(new URL(path, url), method, key)
  const text = await response.text()
  const body = parsed(text)
  if (response.ok && body !== undefined) return body
  const told = problem.safeParse(body)
  const why = told.success ? `${told.data.code}: ${told.data.detail}` : text.slice(0, 200)
  throw new ApiError(`${method} ${path}: ${response.status} ${why}`)
}

async function fetched(url: URL, method: string, key: string): Promise<Response> {
  try {
    return await fetch(url, {
      method,
      headers: { authorization: `Bearer ${key}` },
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    })
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
    throw new ApiError(`${url.origin} does not answer: ${cause instanceof Error ? cause.message : cause}`)
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
