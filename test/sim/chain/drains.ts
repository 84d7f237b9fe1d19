// Accounts that lose most of what they have by no transaction of ours, and get it back later: an owner who needed the money
// elsewhere, a token that is pulled. What open slots were promised is gone meanwhile.

import type { Address } from '../../../src/shared/chain/address.ts'
import { assertDefined } from '../../../src/shared/lib/assert.ts'
import type { Stage } from '../stage.ts'
import type { SimChain } from './chain.ts'

/** Milliseconds until it is paid back. */
const EMPTY_LEAST_MS = 4_000
const EMPTY_MOST_MS = 40_000
/** Percent of the balance that goes. */
const TAKEN_LEAST = 50
const TAKEN_MOST = 100

type Drain = { readonly account: Address; readonly amount: bigint; readonly until: number }

export class Drains {
  readonly #stage: Stage
  readonly #chain: SimChain
  readonly #accounts: readonly Address[]
  #open: readonly Drain[] = []

  constructor(stage: Stage, chain: SimChain, accounts: readonly Address[]) {
    this.#stage = stage
    this.#chain = chain
    this.#accounts = accounts
  }

  /** With each block. */
  pass(): void {
    const { faults, scheduler } = this.#stage
    if (faults.strikes('drained_signer')) this.#drain()
    const isDue = ({ until }: Drain) => faults.isOver || until <= scheduler.now
    for (const { account, amount } of this.#open.filter(isDue)) this.#chain.head.ledger.pay(account, amount)
    this.#open = this.#open.filter((drain) => !isDue(drain))
  }

  #drain(): void {
    const { faults, scheduler, note, alias } = this.#stage
    const stream = faults.stream('drained_signer')
    const account = assertDefined(this.#accounts[stream.below(this.#accounts.length)], 'an account')
    const { ledger } = this.#chain.head
    const percent = BigInt(stream.between(TAKEN_LEAST, TAKEN_MOST))
    const amount = (ledger.balance(account) * percent) / 100n
    ledger.pay(account, -amount)
    const until = scheduler.now + stream.between(EMPTY_LEAST_MS, EMPTY_MOST_MS)
    this.#open = [...this.#open, { account, amount, until }]
    note?.(`      ${alias(account)} loses ${amount}`)
  }
}
