// A setting of a deployment: text that is read once. A mistake names the setting and the place in it, never its value, which
// may be a secret.

import type { z } from 'zod'

/** Settings that cannot be used. The text names the setting and the place in it, and never its value. */
export class SettingsError extends Error {
  override name = 'SettingsError'
}

/** Settings change with a deployment, so an isolate sees one text; a second one only in tests. */
export function remembered<T>(parse: (text: string) => T): (text: string) => T {
  let last: { readonly text: string; readonly value: T } | null = null
  return (text) => {
    if (last?.text !== text) last = { text, value: parse(text) }
    return last.value
  }
}

export function parseSetting<T>(name: string, text: string, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(parseJson(name, text))
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new SettingsError(`${name} is not usable at ${issue?.path.join('.') || 'its top'}: ${issue?.message}`)
}

function parseJson(name: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new SettingsError(`${name} is not JSON`)
  }
}
