// The page of what was simulated: counts, no adjectives.

import { type Bias, biasText } from './bias.ts'
import { FAULT_CLASSES, type FaultClass } from './faults.ts'
import { MUTANTS } from './mutants/all.ts'
import type { Tally } from './tally.ts'
import { INVARIANTS } from './violations.ts'

export type ReportInput = {
  readonly commit: string
  readonly seconds: number
  readonly threads: number
  readonly first: number
  readonly tally: Tally
  readonly biased: readonly { readonly bias: Bias; readonly tally: Tally }[]
}

/** What each class can break first, by the names of the invariants. */
const AIMED_AT: Readonly<Record<FaultClass, string>> = {
  crash_before_commit: 'I2, I3',
  crash_after_commit: 'I1, I2, I6',
  crash_after_send: 'I1, I8',
  crash_awaiting: 'I1, I2',
  crash_recovering: 'I2, I3',
  crash_runtime: 'I1, I2',
  eviction: 'I3, I6',
  call_lost: 'I2, liveness',
  reply_lost: 'I1, liveness',
  call_doubled: 'I1, I4',
  message_lost: 'I2, I9',
  message_late: 'I1, I5',
  message_doubled: 'I1, I9',
  message_poison: 'liveness',
  consumer_crash: 'I1, I2',
  read_model_down: 'I9',
  alarm_lost: 'I2, liveness',
  alarm_repeated: 'I1, I4',
  alarm_late: 'liveness',
  endpoint_timeout: 'I1, I4',
  endpoint_rate_limit: 'liveness',
  endpoint_lag: 'I5, I11',
  endpoint_drop: 'liveness',
  endpoint_other_hash: 'I1',
  endpoint_lie: 'I4, I5, I11',
  eviction_mempool: 'liveness',
  reorg: 'I1, I5, I11',
  fee_spike: 'liveness',
  stranger: 'I1, I4, I5',
  late_attempt: 'I1, I5',
  clock_skew: 'I2, liveness',
  client_loss: 'I2, I6',
  key_unavailable: 'I4',
  endpoint_stuck: 'I7, I11, assertion',
  record_damaged: 'I3, I10, liveness',
  old_copy: 'I1, I4, I10',
  delegation_foreign: 'I1, I5, liveness',
  replayed_authorization: 'I4, I5, liveness',
  batch_brought: 'I1, I5, I11',
  drained_signer: 'I1, I7, liveness',
  revert_in_batch: 'I5, I7',
  replaced_mined: 'I1, I5',
  endpoint_mix: 'rate, liveness',
  lease_lost: 'rate, liveness',
  node_rules: 'I7, liveness',
  stranger_gives_up: 'liveness',
}

export function reportPage({ commit, seconds, threads, first, tally, biased }: ReportInput): string {
  const broken = tally.violations.length
  const faults = FAULT_CLASSES.map((name) => {
    return `| \`${name}\` | ${AIMED_AT[name]} | ${tally.faults.get(name) ?? 0} | ${tally.histOf.get(name) ?? 0} | ${broken} |`
  })
  const checks = Object.entries(INVARIANTS).map(([name, words]) => {
    const count = [...tally.checks].find(([one]) => one === name)?.[1]
    const looked = count ?? (name === 'liveness' ? tally.histories : 'every event')
    const violations = tally.violations.filter(({ invariant }) => invariant === name).length
    return `| ${name} | ${words} | ${looked} | ${violations} |`
  })
  const mutants = MUTANTS.map(
    ({ name, breaks, caught }) =>
      `| ${name} | ${breaks} | ${caught?.seed ?? 'none yet'} | ${caught?.by ?? ''} |`,
  )
  const meetings = biased.map(
    ({ bias, tally: counts }) =>
      `| \`${biasText(bias).trim()}\` | ${counts.histories} | ${counts.transfers} | ${counts.violations.length} |`,
  )
  const ofBiases = biased.length === 0 ? '' : ` --biases ${biased[0]?.tally.histories}`
  return `# Reliability, in counts

Written by \`npm run sim -- --seeds ${tally.histories} --from ${first}${ofBiases} --report docs/reliability.md\` at commit ${commit}: seeds ${first} to
${first + tally.histories - 1}, ${tally.transfers} transfers, ${tally.events} events, ${(tally.histories / seconds).toFixed(1)} histories a second in ${threads} threads. Crashes struck
${tally.crashPoints.size} distinct points of the actors. What the words mean is in [the simulator's page](../test/sim/SPEC.md).

## Faults

Each history draws its classes and how often each strikes. A violation of any history counts in every row.

| fault class | invariants first at risk | faults injected | histories with it | violations |
| --- | --- | --- | --- | --- |
${faults.join('\n')}

## Invariants

| name | says | times checked | violations |
| --- | --- | --- | --- |
${checks.join('\n')}

## Where rare faults meet often

Histories with a bias, which has some classes strike in each of them, four times as often as their rates say.

| bias | histories | transfers | violations |
| --- | --- | --- | --- |
${meetings.join('\n')}

## Planted bugs

Each is a change of one piece of the product. The seed is the first that catches it, and by which invariant.

| planted bug | guarantee that it breaks | seed | caught by |
| --- | --- | --- | --- |
${mutants.join('\n')}
`
}
