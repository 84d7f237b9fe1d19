// A command that an account should have the executor's code, or none. Counts once, whatever is repeated.

import type { BatchPolicy } from '../chain/policy.ts'
import { assertDefined } from '../lib/assert.ts'
import { NO_CODE } from './state/line.ts'
import type { SignerRecord } from './state/records.ts'
import type { SignerState } from './state/state.ts'

export type DelegationWish = 'executor' | 'none'

export type DelegationAnswer = {
  /**
   * `asked`: it is to come; `done`: the account has it by our own log; `no_executor`: the chain has none to delegate to;
   * `private`: what the account does goes one by one.
   */
  readonly result: 'asked' | 'done' | 'no_executor' | 'private' | 'fenced'
}

export function askDelegation(
  state: SignerState,
  wish: DelegationWish,
  command: string,
  batch: BatchPolicy | null,
): { readonly answer: DelegationAnswer; readonly records: readonly SignerRecord[] } {
  if (wish === 'executor' && batch === null) return { answer: { result: 'no_executor' }, records: [] }
  if (wish === 'executor' && state.isPrivate) return { answer: { result: 'private' }, records: [] }
  const to = wish === 'none' ? NO_CODE : assertDefined(batch, 'the chain has an executor').executor
  if (state.delegationCommand === command) {
    return { answer: { result: state.wantedCode === null ? 'done' : 'asked' }, records: [] }
  }
  return { answer: { result: 'asked' }, records: [{ kind: 'delegation_asked', to, command }] }
}
