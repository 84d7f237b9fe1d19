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
  const moved = new TokenMoves(receipt.logs, account)
  return stepsOf(slot).map(({ key, action }, place) => {
    if (!runs(attempt, key)) return NOT_RUN
    if (hasBit(done.failed, place)) return { outcome: 'reverted', delivered_amount: null }
    if (!hasBit(done.done, place)) return { outcome: 'number_used', delivered_amount: null }
    if (action.type === 'call') return { outcome: 'success', delivered_amount: null }
    if (action.type === 'native') return { outcome: 'success', delivered_amount: action.amount }
    const delivered = moved.take(action.token, action.to, action.amount)
    return delivered === null
      ? { outcome: 'no_effect', delivered_amount: null }
      : { outcome: 'success', delivered_amount: delivered }
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

/** What tokens say they moved out of the account; each log is the evidence of one step. */
class TokenMoves {
  readonly #amounts = new Map<string, bigint[]>()

  constructor(logs: readonly Log[], account: Address) {
    for (const log of logs) {
      const move = erc20Transfer(log)
      if (move?.from !== account) continue
      const name = nameOf(log.address, move.to)
      this.#amounts.set(name, [...(this.#amounts.get(name) ?? []), move.amount])
    }
  }

  /** The whole amount where a log says so; else the next one, in the order of the calls; null: none is left. */
  take(token: string, to: string, amount: bigint): bigint | null {
    const amounts = this.#amounts.get(nameOf(token, to)) ?? []
    const exact = amounts.indexOf(amount)
    const [delivered] = amounts.splice(Math.max(exact, 0), 1)
    return delivered === undefined || delivered === 0n ? null : delivered
  }
}

function nameOf(token: string, to: string): string {
  return `${token} ${to}`
}
