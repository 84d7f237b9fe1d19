// Bodies that are not the answer they should be: what a client must not believe a word of.

import type { Breakage } from './faults.ts'
import { HTML_PAGE } from './refusals.ts'
import type { RpcAnswer } from './rpc.ts'

/** What a wrong id differs by: no client counts that far. */
const FOREIGN_IDS_FROM = 1_000_000

export function brokenBody(how: Breakage, answers: readonly RpcAnswer[], isBatch: boolean): string {
  const whole = JSON.stringify(isBatch ? answers : answers[0])
  switch (how) {
    case 'truncated':
      return whole.slice(0, Math.floor(whole.length / 2))
    case 'html':
      return HTML_PAGE
    case 'empty':
      return ''
    case 'wrong_ids':
      return told(
        answers.map((answer, index) => ({ ...answer, id: FOREIGN_IDS_FROM + index })),
        isBatch,
      )
    case 'doubled_item':
      return told([...answers.slice(0, 1), ...answers.slice(0, -1)], isBatch)
    case 'missing_item':
      return told(answers.slice(1), isBatch)
    case 'reordered':
      return told(answers.toReversed(), isBatch)
  }
}

function told(answers: readonly RpcAnswer[], isBatch: boolean): string {
  return JSON.stringify(isBatch ? answers : (answers[0] ?? null))
}
