// What became of each step of a batch. Pure. The executor's own log is the evidence that the batch ran: a transaction to
// an account that is not delegated is mined with status 1, does nothing and says nothing.

import type { Address } from '../chain/address.ts'
import type { Inclusion, Log } from '../chain/receipt.ts'
import { type Action, partsOf } from '../transfer/request.ts'
import { BATCH_DONE_TOPIC, erc20Transfer } from './evidence.ts'
import { type Attempt, type OpenSlot, runs, type StepResult, stepsOf } from './slot.ts'

const NOT_RUN: StepResult = { outcome: 'not_run', delivered_amount: null }
const REVERTED: StepResult = { outcome: 'reverted', delivered_amount: null }

/** Of our transaction in a block, which is not one plain step's own; in the order of the slot. */
export function judgeSlot(
  slot: Pick<OpenSlot, 'work'>,
  attempt: Attempt,
  account: Address,
  { receipt }: Inclusion,
): readonly StepResult[] {
  const { work } = slot
  const done = work.kind === 'batch' ? batchDone(receipt.logs, account, work.id) : null
  if (receipt.status === 'reverted' || done === null) return stepsOf(slot).map(() => NOT_RUN)
  const isDone = (place: number): boolean => hasBit(done.done, place)
  const delivered = deliveries(slot, isDone, receipt.logs, account)
  return stepsOf(slot).map(({ key, action, isUntried = false }, place) => {
    if (!runs(attempt, key)) return NOT_RUN
    // Untried: it did nothing, and that may be for want of gas (S28). It goes again, under another number.
    if (hasBit(done.failed, place)) return isUntried ? NOT_RUN : REVERTED
    if (!isDone(place)) return { outcome: 'number_used', delivered_amount: null }
    return ran(action, delivered.get(place) ?? [])
  })
}

/** `arrived`: of each token payment that has a log, what it says. A token that moves nothing undoes no group. */
function ran(action: Action, arrived: readonly bigint[]): StepResult {
  const payments = partsOf(action).filter(({ type }) => type === 'erc20').length
  if (arrived.filter((amount) => amount > 0n).length < payments) {
    return { outcome: 'no_effect', delivered_amount: null }
  }
  switch (action.type) {
    case 'native':
      return { outcome: 'success', delivered_amount: action.amount }
    case 'erc20':
      return { outcome: 'success', delivered_amount: arrived[0] ?? null }
    case 'call':
    case 'batch':
      return { outcome: 'success', delivered_amount: null }
  }
}

type Bits = { readonly done: bigint; readonly failed: bigint }

/** Hex digits of one word. */
const WORD_DIGITS = 64

/** Exactly one, of the account itself and of this batch. */
function batchDone(logs: readonly Log[], account: Address, id: string): Bits | null {
  const own = logs.filter(
    ({ address, topics }) => address === account && topics[0] === BATCH_DONE_TOPIC && topics[1] === id,
  )
  const [log] = own
  const digits = log?.data.slice(2) ?? ''
  if (own.length !== 1 || digits.length !== 2 * WORD_DIGITS) return null
  return {
    done: BigInt(`0x${digits.slice(0, WORD_DIGITS)}`),
    failed: BigInt(`0x${digits.slice(WORD_DIGITS)}`),
  }
}

function hasBit(bits: bigint, place: number): boolean {
  return ((bits >> BigInt(place)) & 1n) === 1n
}

type Payment = { readonly place: number; readonly amount: bigint }

/** What tokens say they moved out of the account, by the place of the step that it is the evidence of. */
function deliveries(
  slot: Pick<OpenSlot, 'work'>,
  isDone: (place: number) => boolean,
  logs: readonly Log[],
  account: Address,
): ReadonlyMap<number, readonly bigint[]> {
  const payments = new Map<string, Payment[]>()
  for (const [place, { action }] of stepsOf(slot).entries()) {
    for (const part of partsOf(action)) {
      if (part.type !== 'erc20' || !isDone(place)) continue
      append(payments, nameOf(part.token, part.to), { place, amount: part.amount })
    }
  }
  const moves = new Map<string, bigint[]>()
  for (const log of logs) {
    const move = erc20Transfer(log)
    if (move?.from === account) append(moves, nameOf(log.address, move.to), move.amount)
  }
  const delivered = new Map<number, bigint[]>()
  for (const [name, some] of payments) {
    for (const [place, amount] of matched(some, moves.get(name) ?? [])) append(delivered, place, amount)
  }
  return delivered
}

/**
 * One token to one recipient, in the order of the calls. With a log for each it is the log of the same place; else whoever
 * finds its whole amount has it, and the others what is left.
 */
function matched(
  payments: readonly Payment[],
  moves: readonly bigint[],
): readonly (readonly [number, bigint])[] {
  if (payments.length === moves.length) return payments.map(({ place }, index) => [place, moves[index] ?? 0n])
  const left = [...moves]
  const take = (index: number): bigint => left.splice(index, 1)[0] ?? 0n
  const exact = new Map(
    payments.flatMap((payment) =>
      left.includes(payment.amount) ? [[payment, take(left.indexOf(payment.amount))] as const] : [],
    ),
  )
  return payments.map((payment) => [payment.place, exact.get(payment) ?? take(0)])
}

function append<Name, T>(lists: Map<Name, T[]>, name: Name, item: T): void {
  const list = lists.get(name)
  if (list === undefined) lists.set(name, [item])
  else list.push(item)
}

function nameOf(token: string, to: string): string {
  return `${token} ${to}`
}
