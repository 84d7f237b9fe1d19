// Logs for tests of the digest chain, made without the code that checks them: SHA-256 by node:crypto over JSON that is
// canonical because it was written so.

import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { canonicalJson, type Json } from '../../src/shared/lib/canonical-json.ts'
import { toRfc3339, type UnixMs } from '../../src/shared/lib/time.ts'
import type { By } from '../../src/shared/wal/by.ts'
import type { WalIdentity, WireGroup } from '../../src/shared/wal/group.ts'
import { by, time } from './arbitraries.ts'

export const IDENTITY: WalIdentity = { class: 'TestObject', object: 'one' }

export type Turn = { readonly at: UnixMs; readonly by: By; readonly records: readonly Json[] }

/** Without a field that no record has: zod leaves it out, whatever stands in it. */
const json = fc
  .jsonValue({ maxDepth: 2 })
  .filter((value) => !JSON.stringify(value).includes('__proto__'))
  .map((value): Json => JSON.parse(JSON.stringify(value)))

export const turn: fc.Arbitrary<Turn> = fc.record({
  at: time,
  by,
  records: fc.array(json, { minLength: 1, maxLength: 20 }),
})

/** The groups that these turns make in the log of `identity`. */
export function groupsOf(identity: WalIdentity, turns: readonly Turn[]): readonly WireGroup[] {
  const all = [sha256(`{"class":${text(identity.class)},"object":${text(identity.object)},"v":1}`)]
  let seq = 0
  return turns.map(({ at, by: cause, records }) => {
    seq += records.length
    const when = toRfc3339(at)
    const leaves = Array.from({ length: Math.ceil(records.length / 16) }, (_, leaf) =>
      text(
        sha256(
          `[${records
            .slice(16 * leaf, 16 * leaf + 16)
            .map(canonicalJson)
            .join(',')}]`,
        ),
      ),
    )
    const content = sha256(
      `{"at":"${when}","by":${canonicalJson(cause)},"count":${records.length},"leaves":[${leaves}],"seq":${seq},"v":1}`,
    )
    // The number in binary, its last 1 a 0.
    const skip = Number.parseInt(
      all.length.toString(2).replace(/10*$/, (end) => end.replace('1', '0')),
      2,
    )
    const digest = sha256(`{"content":"${content}","previous":"${all.at(-1)}","skip":"${all[skip]}"}`)
    all.push(digest)
    return { v: 1, seq, at: when, by: cause, records, digest }
  })
}

function sha256(bytes: string): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function text(value: string): string {
  return JSON.stringify(value)
}
