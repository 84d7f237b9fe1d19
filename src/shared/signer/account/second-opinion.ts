// Which records of a plan rest on what an endpoint said and can never be taken back: the beginning of a nonce line, a part
// of it that is passed over, or that nobody has, a step that is given up, a batch whose time is over. Pure.

import { canonicalJson } from '../../lib/canonical-json.ts'
import { stepKeyText } from '../../transfer/step-report.ts'
import type { SignerRecord } from '../state/records.ts'

export function isForGood({ kind }: SignerRecord): boolean {
  switch (kind) {
    case 'adopted':
    case 'skipped':
    case 'filling':
    case 'rejected':
    case 'annulled':
      return true
    default:
      return false
  }
}

/**
 * `second` is another operator's view of the same. It is followed where it decides nothing for good, or the same as the
 * first; null: they differ, and nothing is decided now.
 */
export function reconcilePlans(
  first: readonly SignerRecord[],
  second: readonly SignerRecord[],
): readonly SignerRecord[] | null {
  const decided = second.filter(isForGood)
  if (decided.length === 0 || textOf(decided) === textOf(first.filter(isForGood))) return second
  return null
}

function textOf(records: readonly SignerRecord[]): string {
  return canonicalJson(
    records.map((record) => {
      if (record.kind === 'rejected') return [record.kind, stepKeyText(record.key), record.failure]
      if (record.kind === 'annulled') return [record.kind, record.batch, record.keys.map(stepKeyText)]
      return [record.kind, 'nonce' in record ? record.nonce : null]
    }),
  )
}
