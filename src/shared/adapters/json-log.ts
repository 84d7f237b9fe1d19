// One line of JSON per event: the platform indexes the fields. The only place that writes to the console.

import type { Json } from '../lib/canonical-json.ts'
import { withoutApiKeys } from '../tenancy/api-key.ts'

export type LogLevel = 'info' | 'warn' | 'error'

/** An error shows its name and message only: a stack may quote what must stay secret. */
export function logEvent(
  level: LogLevel,
  event: string,
  fields: Readonly<Record<string, Json | Error | unknown>>,
): void {
  const line = JSON.stringify({ level, event, ...fields }, (_key, value: unknown) => {
    if (value instanceof Error) return withoutApiKeys(`${value.name}: ${value.message}`)
    if (typeof value === 'string') return withoutApiKeys(value)
    return typeof value === 'bigint' ? value.toString() : value
  })
  if (level === 'error') console.error(line)
  else if (level === 'warn') console.warn(line)
  else console.info(line)
}
