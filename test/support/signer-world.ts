// A signer, the chain that it sends to, and everything between them that can be late, doubled or lost. After every move it
// is checked what must hold in any such world: no money is promised twice, no step has two slots, nothing that was given
// back takes one, and what is said to be final is final on the chain.

import { expect } from 'vitest'
import { BROADCAST_CLASSES } from '../../src/shared/broadcast/outcome.ts'
import type { ChainFacts } from '../../src/shared/chain/account-facts.ts'
import { assertNever } from '../../src/shared/lib/assert.ts'
import { addMs, MINUTE_MS, SECOND_MS } from '../../src/shared/lib/time.ts'
import type { SignerAccount } from '../../src/shared/signer/account/account.ts'
import { isRecent } from '../../src/shared/signer/account/recent.ts'
import { ENDED_KEPT_MS } from '../../src/shared/signer/state/limits.ts'
import { isMined, type OpenSlot } from '../../src/shared/signer/state/slot.ts'
import { stepKeyText } from '../../src/shared/transfer/step-report.ts'
import { RECIPIENT, SIGNER, stepKeyOf } from './domain-values.ts'
import { costOf, ourTransaction, strangersTransaction } from './mined-transactions.ts'
import { type MinedTransaction, NaiveChain } from './naive-chain.ts'
import { AMOUNT, admission, COST, NO_ANSWER, OK_GAS, REVERTS, SignerBench } from './signer-bench.ts'
import type { SignerMove } from './signer-world-moves.ts'

const STEPS = 12
const WINDOW = 3
/** Enough for a few steps at once, so that funds run short and come back. */
const FUNDS = 3n * COST

export type SignerWorldOptions = {
  /** The account is asked of a node that sees the same chain as the facts that were told last. */
  readonly isInStep: boolean
}

export class SignerWorld {
  readonly #options: SignerWorldOptions
  readonly bench = new SignerBench()
  readonly #chain = new NaiveChain()
  #finalized = 0
  /** As the signer has heard it. */
  #toldFinal: number | null = null
  #strangers = 0
  /** All that was ever paid in. */
  #funds = FUNDS
  readonly #facts: ChainFacts[] = []
  readonly #accounts: SignerAccount[] = []
  /** Every step that ever had a slot, and every one that was given back. */
  readonly #reserved = new Set<string>()
  readonly #givenBack = new Set<string>()

  constructor(options: SignerWorldOptions) {
    this.#options = options
    // The account has a past, so that the line does not begin at zero.
    for (let nonce = 0; nonce < 3; nonce++) this.#chain.mine([this.#strange(nonce)])
    this.#finalized = this.#chain.head.number
  }

  move({ do: name, pick }: SignerMove): void {
    switch (name) {
      case 'admit':
        this.bench.admitAll([admission(pick % STEPS, this.#wish(pick))])
        break
      case 'withdraw':
        this.#withdraw(pick % STEPS)
        break
      case 'plan':
        this.#plan(pick)
        break
      case 'sent':
        this.#sent(pick)
        break
      case 'mine':
        this.#mine(pick % 4)
        break
      case 'stranger':
        this.#chain.mine([this.#strange(this.#nonce())])
        break
      case 'reorg':
        this.#chain.undo(pick % (this.#chain.head.number - this.#finalized + 1))
        this.#chain.mine([])
        break
      case 'finalize':
        this.#finalized = Math.max(this.#finalized, this.#chain.head.number - (pick % 4))
        break
      case 'facts':
        this.#tell(this.#factsNow())
        break
      case 'old facts':
        this.#tell(this.#facts[pick % Math.max(1, this.#facts.length)])
        break
      case 'acknowledge':
        this.#acknowledge()
        break
      case 'deposit':
        this.#funds += BigInt(pick % 3) * COST
        break
      case 'time':
        this.#passTime(pick)
        break
      default:
        assertNever(name)
    }
    this.#checkEnds()
  }

  /** What the chain says now is what the log says, slot by slot. */
  expectTruth(): void {
    this.bench.expectReplay()
    this.#tell(this.#factsNow())
    expect(this.bench.facts({ ...this.#factsNow() }), 'told twice').toEqual([])
    for (const slot of this.bench.state.slots.values()) {
      const mined = this.#chain.inclusionsOf(SIGNER).find(({ nonce }) => nonce === slot.nonce)
      const isOurs = mined !== undefined && slot.attempts.some(({ hash }) => hash === mined.receipt.hash)
      expect(slot.inclusion?.block_hash ?? null).toBe(isOurs ? mined.receipt.block_hash : null)
      expect(slot.usurper).toBe(isOurs ? null : (mined?.receipt.hash ?? null))
    }
  }

  #wish(pick: number) {
    const not_before = pick % 7 === 0 ? addMs(this.bench.now, (pick % 5) * MINUTE_MS) : null
    const amount = pick % 11 === 0 ? FUNDS : AMOUNT + BigInt(pick)
    const action = { type: 'native', to: RECIPIENT, amount } as const
    return { bound_at: this.bench.now, not_before, action, max_fee_per_gas: pick % 5 === 0 ? 15n : null }
  }

  #withdraw(number: number): void {
    const key = stepKeyOf(number)
    if (this.bench.withdraw(number).result === 'withdrawn') this.#givenBack.add(stepKeyText(key))
  }

  #plan(pick: number): void {
    if (this.#options.isInStep) this.#tell(this.#factsNow())
    this.#accounts.push(this.#accountNow())
    const account = this.#options.isInStep
      ? this.#accountNow()
      : (this.#accounts[pick % this.#accounts.length] ?? this.#accountNow())
    if (!isRecent(this.bench.state, account, 0, this.#toldFinal)) return
    const estimate = () => (pick % 13 === 0 ? REVERTS : pick % 17 === 0 ? NO_ANSWER : OK_GAS)
    const records = this.bench.plan({ account, estimate, policy: { window: WINDOW } })
    const reserved = records.filter((record) => record.kind === 'reserved')
    for (const { key } of reserved) {
      const text = stepKeyText(key)
      expect(this.#reserved, 'a step has one slot in its life').not.toContain(text)
      expect(this.#givenBack, 'what was given back takes no slot').not.toContain(text)
      this.#reserved.add(text)
    }
    if (reserved.length > 0) this.#checkFunds(account)
  }

  /** All that open slots may still take, of what this node has not seen paid yet, is there. */
  #checkFunds({ balance, latest_nonce }: SignerAccount): void {
    const unpaid = [...this.bench.state.slots.values()].filter(({ nonce }) => nonce >= latest_nonce)
    const committed = unpaid.reduce((sum, slot) => sum + costOf(slot), 0n)
    expect(committed, 'promised twice').toBeLessThanOrEqual(balance)
    const isInPool = (slot: OpenSlot) => slot.work.kind !== 'filler' && !isMined(slot)
    const inPools = [...this.bench.state.slots.values()].filter(isInPool)
    expect(inPools.length, 'the window').toBeLessThanOrEqual(WINDOW)
  }

  #sent(pick: number): void {
    const [slot] = [...this.bench.state.slots.values()].filter(({ nonce }) => nonce % 3 === pick % 3)
    const name = BROADCAST_CLASSES[pick % BROADCAST_CLASSES.length]
    const number = Array.from({ length: STEPS }, (_, step) => step).find(
      (step) =>
        slot !== undefined && this.bench.state.slotOf.get(stepKeyText(stepKeyOf(step))) === slot.nonce,
    )
    if (number !== undefined && name !== undefined) this.bench.sent(number, name)
  }

  /** As many of our transactions as fit the line of the chain. */
  #mine(count: number): void {
    const transactions: MinedTransaction[] = []
    for (let nonce = this.#nonce(); transactions.length < count; nonce++) {
      const slot = this.bench.state.slots.get(nonce)
      if (slot === undefined || slot.attempts.length === 0) break
      transactions.push(ourTransaction(slot))
    }
    this.#chain.mine(transactions)
  }

  #strange(nonce: number): MinedTransaction {
    this.#strangers += 1
    return strangersTransaction(nonce, this.#strangers)
  }

  /** The next nonce of the account, in blocks. */
  #nonce(): number {
    return this.#chain.inclusionsOf(SIGNER).length
  }

  #accountNow(): SignerAccount {
    const nonce = this.#nonce()
    return {
      at: this.#chain.refAt(this.#chain.head.number),
      balance: this.#funds - this.#chain.spentBy(SIGNER),
      latest_nonce: nonce,
      pending_nonce: nonce,
      token_balances: [],
      code: { kind: 'none' },
      used: new Map(),
      estimates: [],
      fees: { next_base_fee: 9n, priority_fee: 2n },
      room: { gas_limit: 36_000_000n, gas_used: 0n },
    }
  }

  #factsNow(): ChainFacts {
    const { slots, nextNonce } = this.bench.state
    const [firstOpen] = slots.keys()
    const settledBelow = firstOpen ?? nextNonce ?? this.#nonce()
    const inclusions = this.#chain.inclusionsOf(SIGNER).filter(({ nonce }) => nonce >= settledBelow)
    const facts = {
      view: this.#facts.length + 1,
      head: this.#chain.head.number,
      inclusions,
      finalized: this.#finalized,
    }
    this.#facts.push(facts)
    return facts
  }

  #tell(facts: ChainFacts | undefined): void {
    if (facts === undefined) return
    this.#toldFinal = Math.max(this.#toldFinal ?? 0, facts.finalized)
    this.bench.facts(facts)
  }

  #acknowledge(): void {
    const ended = [...this.bench.state.ended.values()].filter(({ isAcknowledged }) => !isAcknowledged)
    const keys = ended.map(({ key }) => key)
    if (keys.length > 0) this.bench.commit([{ kind: 'acknowledged', keys }])
  }

  #passTime(pick: number): void {
    this.bench.after(pick % 20 === 0 ? ENDED_KEPT_MS : (pick % 300) * SECOND_MS)
    const over = [...this.bench.state.ended.values()].filter(
      ({ isAcknowledged, ended_at }) => isAcknowledged && addMs(ended_at, ENDED_KEPT_MS) <= this.bench.now,
    )
    // A key that was forgotten is asked for again only in the model: its transfer has ended.
    const keys = over.map(({ key }) => key).filter((key) => !this.#reserved.has(stepKeyText(key)))
    const known = keys.filter((key) => !this.#givenBack.has(stepKeyText(key)))
    if (known.length > 0) this.bench.commit([{ kind: 'forgotten', keys: known }])
  }

  /** What is said to be final is final on the chain: ours where it ran, a stranger's where it was closed. */
  #checkEnds(): void {
    for (const { standing } of this.bench.state.ended.values()) {
      if (standing.at !== 'slot' && standing.at !== 'closed') continue
      const mined = this.#chain.inclusionsOf(SIGNER).find(({ nonce }) => nonce === standing.nonce)
      expect(mined?.receipt.hash).toBe(standing.at === 'slot' ? standing.inclusion?.hash : standing.by)
      expect(mined?.receipt.block_number).toBeLessThanOrEqual(this.#finalized)
    }
  }
}
