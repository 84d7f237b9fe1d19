// What became of each step of a batch. Pure. The executor's own log is the evidence that the batch ran: a transaction to
// an account that is not delegated is mined with status 1, does nothing and says nothing.

import type { Address } from '../chain/address.ts'
import type { Inclusion, Log } from '../chain/receipt.ts'
import { BATCH_DONE_TOPIC, erc20Transfer } from './evidence.ts'
import { type Attempt, type OpenSlot, runs, type StepResult, stepsOf } from './slot.ts'

const NOT_RUN: StepResult = { outcome: 'not_run', delivered_amount: null }

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
  return stepsOf(slot).map(({ key, action }, place) => {
    if (!runs(attempt, key)) return NOT_RUN
    if (hasBit(done.failed, place)) return { outcome: 'reverted', delivered_amount: null }
    if (!isDone(place)) return { outcome: 'number_used', delivered_amount: null }
    if (action.type === 'call') return { outcome: 'success', delivered_amount: null }
    if (action.type === 'native') return { outcome: 'success', delivered_amount: action.amount }
    const amount = delivered.get(place) ?? 0n
    return amount === 0n
      ? { outcome: 'no_effect', delivered_amount: null }
      : { outcome: 'success', delivered_amount: amount }
  })
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
): ReadonlyMap<number, bigint> {
  const payments = new Map<string, Payment[]>()
  for (const [place, { action }] of stepsOf(slot).entries()) {
    if (action.type === 'erc20' && isDone(place)) {
      append(payments, nameOf(action.token, action.to), { place, amount: action.amount })
    }
  }
  const moves = new Map<string, bigint[]>()
  for (const log of logs) {
    const move = erc20Transfer(log)
    if (move?.from === account) append(moves, nameOf(log.address, move.to), move.amount)
  }
  return new Map([...payments].flatMap(([name, some]) => [...matched(some, moves.get(name) ?? [])]))
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
  const exact = payments.flatMap(({ place, amount }) =>
    left.includes(amount) ? [[place, take(left.indexOf(amount))] as const] : [],
  )
  const found = new Set(exact.map(([place]) => place))
  const others = payments.filter(({ place }) => !found.has(place))
  return [...exact, ...others.map(({ place }) => [place, take(0)] as const)]
}

function append<T>(lists: Map<string, T[]>, name: string, item: T): void {
  const list = lists.get(name)
  if (list === undefined) lists.set(name, [item])
  else list.push(item)
}

function nameOf(token: string, to: string): string {
  return `${token} ${to}`
}
