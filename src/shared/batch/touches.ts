// What a step touches on the chain, as far as its action tells. SPEC.md has the table.

import { type Address, isAddress } from '../chain/address.ts'
import { type Action, type CallAction, partsOf, type SingleAction } from '../transfer/request.ts'
import type { StepKey } from '../transfer/step-report.ts'
import { APPROVE, type LearnedConflicts, RECEIVE, type Template, TRANSFER } from './learned-conflicts.ts'

/** Keys. Two steps are in conflict when one writes what the other reads or writes. */
export type Touches = {
  readonly reads: readonly string[]
  readonly writes: readonly string[]
}

/** Characters of `0x`, of that and four bytes, and of one 32-byte word. */
const EMPTY_LENGTH = 2
const SELECTOR_LENGTH = 10
const WORD_LENGTH = 64
const ADDRESS_DIGITS = 40

export function touchesOf(key: StepKey, action: Action, learned: LearnedConflicts): Touches {
  const reads = new Set<string>()
  const writes = new Set<string>([`transfer ${key.transfer}`])
  for (const template of templatesOf(action)) {
    const state = `state ${template.contract}`
    if (learned.isShared(template)) reads.add(state)
    else writes.add(state)
  }
  for (const part of partsOf(action)) {
    const spender = spenderOf(part)
    if (spender !== null) writes.add(`allowance ${spender.token} ${spender.address}`)
  }
  return { reads: [...reads].filter((state) => !writes.has(state)), writes: [...writes] }
}

/** `cameTrue`: the later step did what its trial run said, although that was made before the earlier one ran. */
export function learnFrom(
  learned: LearnedConflicts,
  earlier: Action,
  later: Action,
  cameTrue: boolean,
): void {
  for (const one of templatesOf(earlier)) {
    for (const other of templatesOf(later)) {
      if (one.contract === other.contract) {
        learned.observe(one.contract, one.selector, other.selector, cameTrue)
      }
    }
  }
}

/** A step's part in each contract that it is known to touch. */
function templatesOf(action: Action): readonly Template[] {
  return partsOf(action).flatMap(templatesOfOne)
}

function templatesOfOne(action: SingleAction): readonly Template[] {
  switch (action.type) {
    case 'native':
      return [{ contract: action.to, selector: RECEIVE }]
    case 'erc20':
      return [
        { contract: action.token, selector: TRANSFER },
        { contract: action.to, selector: RECEIVE },
      ]
    case 'call':
      return templatesOfCall(action)
  }
}

function templatesOfCall(action: CallAction): readonly Template[] {
  const called = { contract: action.to, selector: selectorOf(action) }
  const spender = spenderOf(action)
  // Who is called after an approval takes what it allows: as with money, the spender has received something.
  return spender === null ? [called] : [called, { contract: spender.address, selector: RECEIVE }]
}

function selectorOf({ data }: CallAction): string {
  return data.length === EMPTY_LENGTH ? RECEIVE : data.slice(0, SELECTOR_LENGTH).toLowerCase()
}

function spenderOf(action: SingleAction): { readonly token: Address; readonly address: Address } | null {
  if (action.type !== 'call' || selectorOf(action) !== APPROVE) return null
  const word = action.data.slice(SELECTOR_LENGTH, SELECTOR_LENGTH + WORD_LENGTH)
  const address = `0x${word.slice(-ADDRESS_DIGITS).toLowerCase()}`
  return word.length === WORD_LENGTH && isAddress(address) ? { token: action.to, address } : null
}
