// What became of each step of a batch. Pure. The executor's own log is the evidence that the batch ran: a transaction to
// an account that is not delegated is mined with status 1, does nothing and says nothing.

import type { Address } from '../../chain/address.ts'
import type { Inclusion, Log, Receipt } from '../../chain/receipt.ts'
import type { Hex } from '../../lib/hex.ts'
import { type Action, partsOf } from '../../transfer/request.ts'
import { type CarriedBatch, workOf } from '../state/carried-batch.ts'
import { CLOSED } from '../state/results.ts'
import {
  type Attempt,
  type OpenSlot,
  runs,
  type SlottedStep,
  type SlotWork,
  type StepResult,
  stepsOf,
} from '../state/slot.ts'
import { BATCH_DONE_TOPIC, erc20Transfer } from './evidence.ts'

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
  if (work.kind === 'closing') return judgeClosing(work, account, receipt)
  const done = work.kind === 'batch' ? batchDone(receipt.logs, account, work.id) : null
  if (receipt.status === 'reverted' || done === null) return stepsOf(slot).map(() => NOT_RUN)
  return judgeRun(slot, done, receipt.logs, account, ({ key }) => (runs(attempt, key) ? 'run' : 'left_out'))
}

/** `number_used`: it was before, by what may have run it. */
function judgeClosing(
  { id, closes }: Extract<SlotWork, { kind: 'closing' }>,
  account: Address,
  { logs, status }: Receipt,
): readonly StepResult[] {
  const bits = status === 'success' ? batchDone(logs, account, id) : null
  return closes.map((_, place) => {
    if (bits === null) return NOT_RUN
    return hasBit(bits.done, place) ? CLOSED : { outcome: 'number_used', delivered_amount: null }
  })
}

/** Places whose numbers a transaction of the account used up: none of them was before. */
export function placesDone({ logs }: Receipt, account: Address, id: Hex): (place: number) => boolean {
  const bits = batchDone(logs, account, id)
  return (place) => bits !== null && hasBit(bits.done, place)
}

/**
 * Of a batch that anybody may bring, more than once: the first log of it in the chain counts, after that its numbers are
 * used up. One in which nothing ran is not the first: what that was, nobody has told yet. Null: none of these ran it.
 */
export function judgeCarried(
  { id, steps }: Pick<CarriedBatch, 'id' | 'steps'>,
  account: Address,
  inclusions: readonly Inclusion[],
): { readonly inclusion: Inclusion; readonly results: readonly StepResult[] } | null {
  for (const inclusion of inclusions) {
    const logs = logsOfRun(inclusion.receipt.logs, account, id)
    const bits = batchDone(logs, account, id)
    if (inclusion.by === undefined || bits === null || (bits.done | bits.failed) === 0n) continue
    // Who wants a step back uses its number up himself.
    const results = judgeRun(workOf({ id, steps }), bits, logs, account, ({ isRecalled }) =>
      isRecalled ? 'closed' : 'run',
    )
    return { inclusion, results }
  }
  return null
}

/** From behind the batch before it in the same transaction up to its own log. */
function logsOfRun(logs: readonly Log[], account: Address, id: string): readonly Log[] {
  const isDone = ({ address, topics }: Log) => address === account && topics[0] === BATCH_DONE_TOPIC
  const end = logs.findIndex((log) => isDone(log) && log.topics[1] === id)
  const before = logs.slice(0, Math.max(0, end)).findLastIndex(isDone)
  return logs.slice(before + 1, end + 1)
}

/** `asked`: what becomes of one that used no number up: it was left out, or somebody closed it, or nobody knows. */
function judgeRun(
  slot: Pick<OpenSlot, 'work'>,
  { done, failed }: Bits,
  logs: readonly Log[],
  account: Address,
  asked: (step: SlottedStep) => 'run' | 'closed' | 'left_out',
): readonly StepResult[] {
  const isDone = (place: number): boolean => hasBit(done, place)
  const delivered = deliveries(slot, isDone, logs, account)
  return stepsOf(slot).map((step, place) => {
    const wanted = asked(step)
    if (wanted === 'left_out') return NOT_RUN
    // Untried: it did nothing, and that may be for want of gas (S33). It goes again, under another number.
    if (hasBit(failed, place)) return step.isUntried === true ? NOT_RUN : REVERTED
    if (isDone(place)) return ran(step.action, delivered.get(place) ?? [])
    return wanted === 'closed' ? NOT_RUN : { outcome: 'number_used', delivered_amount: null }
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
