// Planted bugs of a transfer, its subscribers and its projection.

import type { Mutant } from './mutant.ts'

const DECIDE = 'src/shared/transfer/decide.ts'

export const TRANSFER_MUTANTS: readonly Mutant[] = [
  {
    name: 'canceled while in a slot',
    file: DECIDE,
    from: `  if (answer.result === 'withdrawn') {
`,
    to: `  if (answer.result.length > 0) {
`,
    breaks: 'canceled is told only when the step can no longer become money',
    caught: { seed: 4, by: 'I5' },
  },
  {
    name: 'admission key without generation',
    file: 'src/shared/transfer/step-report.ts',
    from: `/\${key.generation}\``,
    to: '`',
    breaks: 'a step that was closed is admitted anew',
    caught: { seed: 1, by: 'assertion' },
  },
  {
    name: 'fingerprint ignored',
    file: DECIDE,
    from: `state.fingerprint === input.fingerprint ? 'repeated' : 'key_reused'`,
    to: `'repeated'`,
    breaks: 'another request under the same key is refused',
    caught: { seed: 6, by: 'I2' },
  },
  {
    name: 'bound after its end',
    file: DECIDE,
    from: `  if (isEnded(state)) return only({ result: 'refused', reason: 'final' })
  if (state.withdrawal?.answer === 'awaited') return only({ result: 'refused', reason: 'withdrawing' })
`,
    to: `  if (state.withdrawal?.answer === 'awaited') return only({ result: 'refused', reason: 'withdrawing' })
`,
    breaks: 'what has ended is not admitted',
    caught: { seed: 26, by: 'I5' },
  },
  {
    name: 'signer asked before the wish is written',
    file: DECIDE,
    from: `  return { answer: { result: 'awaited' }, records: [intent], effects }`,
    to: `  return { answer: { result: 'awaited' }, records: [], effects }`,
    breaks: 'intent before effect',
    caught: { seed: 3, by: 'liveness' },
  },
  {
    name: 'a socket’s cursor ahead of what it was sent',
    file: 'src/durable-objects/transfer/publish.ts',
    from: `sent_seq: seq, is_live: true`,
    to: `sent_seq: seq + 1, is_live: true`,
    breaks: 'a subscriber gets every record',
    caught: { seed: 5, by: 'I6' },
  },
  {
    name: 'an older row replaces a newer one',
    file: 'src/shared/adapters/d1/project-rows.ts',
    from: 'setWhere: isSeen === null ? isAtOrPast : sql`${isAtOrPast} or ${isSeen}`,',
    to: 'setWhere: sql`1 = 1 or ${isAtOrPast} or ${isSeen}`,',
    breaks: 'a row of the read model never goes back',
    caught: { seed: 2, by: 'I9' },
  },
  {
    name: 'acknowledged without the read model',
    file: 'src/workers/queues/events.ts',
    from: `await deps.project(rows)
`,
    to: `await deps.project(rows).catch(() => {})
`,
    breaks: 'a row is acknowledged when the read model has it',
    caught: { seed: 94, by: 'liveness' },
  },
  {
    name: 'a report of a lower view',
    file: DECIDE,
    from: `news.view >= Math.max(state.seen_view, heardView)`,
    to: `news.view >= Math.min(0, state.seen_view, heardView)`,
    breaks: 'what a signer said later is not undone by what it said before',
    bias: { often: ['message_late', 'call_doubled', 'reply_lost'], scene: null },
    caught: { seed: 157, by: 'I5' },
  },
]
