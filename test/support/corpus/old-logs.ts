// Reads the corpus: every log that an older version left, with what was told of it then.

import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'

const HERE = fileURLToPath(new URL('.', import.meta.url))

const told = z.strictObject({
  class: z.string(),
  view: z.looseObject({}),
  /** Digest of the state that it folds to, for each version of its form. */
  states: z.record(z.string(), z.string()),
})
const oldMessages = z.array(z.strictObject({ queue: z.enum(['submissions', 'events']), body: z.unknown() }))

export type OldLog = z.infer<typeof told> & {
  /** `v1/transfer-held` */
  readonly name: string
  /** Statements that make its tables as they were. */
  readonly sql: string
}

export function oldLogs(): readonly OldLog[] {
  return filesOf('.sql').map((file) => {
    const name = file.slice(0, -'.sql'.length)
    return { name, sql: textOf(file), ...told.parse(JSON.parse(textOf(`${name}.json`))) }
  })
}

export function messagesBefore(): z.infer<typeof oldMessages> {
  return filesOf('messages.json').flatMap((file) => oldMessages.parse(JSON.parse(textOf(file))))
}

function filesOf(ending: string): readonly string[] {
  return readdirSync(HERE, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith(ending))
}

function textOf(file: string): string {
  return readFileSync(HERE + file, 'utf8')
}
