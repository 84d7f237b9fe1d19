// Tells the signers what the chain's log says of their accounts, and takes down what they answer: how far they have it,
// and whether they have anything under way. What is lost on the way is told with the next change.

import type { ChainFacts, FactsReply } from '../../shared/chain/account-facts.ts'
import type { Address } from '../../shared/chain/address.ts'
import type { ChainId } from '../../shared/chain/chain-id.ts'
import { isFinal, isSettled } from '../../shared/chain/evolve.ts'
import { factsOf } from '../../shared/chain/facts.ts'
import type { ChainRecord } from '../../shared/chain/records.ts'
import type { ChainState } from '../../shared/chain/state.ts'
import { addMs, SECOND_MS, type UnixMs } from '../../shared/lib/time.ts'

/** Signers that were told nothing for this long are told again. */
const TELL_AGAIN_MS = 15 * SECOND_MS

export type SignerNewsDeps = {
  readonly now: () => UnixMs
  readonly state: () => ChainState
  readonly view: () => number
  readonly tell: (chain: ChainId, address: Address, facts: ChainFacts) => Promise<FactsReply>
  readonly commit: (records: readonly ChainRecord[]) => void
  readonly unsubscribe: () => void
}

export class SignerNews {
  readonly #deps: SignerNewsDeps
  /** Calls of `watch` per account: an answer that was given before the last of them says nothing any more. */
  readonly #watchCalls = new Map<Address, number>()

  /** When each account's signer last answered, in this life of the object. */
  readonly #heardAt = new Map<Address, UnixMs>()

  constructor(deps: SignerNewsDeps) {
    this.#deps = deps
  }

  /** The account asked to be watched. */
  asked(address: Address): void {
    this.#watchCalls.set(address, (this.#watchCalls.get(address) ?? 0) + 1)
  }

  /** Those that answered nothing for long: a push, or the answer to it, may have been lost. */
  tellUnheard(): Promise<void> {
    const now = this.#deps.now()
    const unheard = [...this.#deps.state().watched.keys()].filter((address) => {
      const heardAt = this.#heardAt.get(address)
      return heardAt === undefined || now >= addMs(heardAt, TELL_AGAIN_MS)
    })
    return this.tell(unheard)
  }

  async tell(addresses: readonly Address[]): Promise<void> {
    await Promise.all(addresses.map((address) => this.#tellOne(address)))
  }

  async #tellOne(address: Address): Promise<void> {
    const { chain } = this.#deps.state()
    if (chain === null) return
    const calls = this.#watchCalls.get(address)
    const reply = await this.#deps.tell(
      chain,
      address,
      factsOf(this.#deps.state(), address, this.#deps.view()),
    )
    this.#heardAt.set(address, this.#deps.now())
    const { inclusions, watched } = this.#deps.state()
    const records: ChainRecord[] = []
    const ofAccount = inclusions.get(address) ?? []
    // What is not final may be undone: it is kept, whatever the signer says of it.
    const through = reply.broughtThrough
    const told = { below: reply.settledBelow, ...(through === undefined ? {} : { through }) }
    if (ofAccount.some((one) => isSettled(one, told) && isFinal(this.#deps.state(), one))) {
      records.push({ kind: 'settled', address, ...told })
    }
    const isStillIdle = !reply.isActive && this.#watchCalls.get(address) === calls
    if (isStillIdle && watched.has(address)) records.push({ kind: 'unwatched', address })
    this.#deps.commit(records)
    if (this.#deps.state().watched.size === 0) this.#deps.unsubscribe()
  }
}
