// What the signer's witness, the chain's object, has seen of its log in this life of the object. Until it has seen it at
// all, this may be an old copy, which knows nothing of what it signed and gave back later.

import type { ChainPolicy } from '../../shared/chain/policy.ts'
import type { WitnessAnswer, Witnessed } from '../../shared/chain/witness.ts'
import type { WatchedSigner } from '../../shared/ports/chain-actor.ts'
import type { SignerName } from '../../shared/ports/signer-actor.ts'
import type { WalDamage } from '../../shared/wal/damage.ts'
import type { SignerLog } from './signer-log.ts'

export type WitnessDeps = {
  /** Shows the head of the log to the chain's object; answers what that remembered until now. */
  readonly witness: (policy: ChainPolicy, signer: WatchedSigner, head: Witnessed) => Promise<WitnessAnswer>
  readonly policy: (name: SignerName) => ChainPolicy
}

export class LogWitness {
  readonly #deps: WitnessDeps
  readonly #log: SignerLog
  readonly #onOldCopy: (name: SignerName, damage: WalDamage) => void
  #seenSeq = 0

  constructor(deps: WitnessDeps, log: SignerLog, onOldCopy: (name: SignerName, damage: WalDamage) => void) {
    this.#deps = deps
    this.#log = log
    this.#onOldCopy = onOldCopy
  }

  /** It is no old copy. */
  get hasSeen(): boolean {
    return this.#log.damage === null && this.#seenSeq > 0
  }

  /** All that others may act on who were told of it. */
  get hasSeenEnds(): boolean {
    return this.hasSeen && this.#seenSeq >= this.#log.endedSeq
  }

  get hasSeenSignatures(): boolean {
    return this.hasSeen && this.#seenSeq >= this.#log.signedSeq
  }

  /** Whether it vouches for what this log says of ends. Asked before anybody is told of one. */
  async vouches(name: SignerName): Promise<boolean> {
    if (!this.hasSeenEnds) await this.show(name)
    return this.hasSeenEnds
  }

  async show(name: SignerName): Promise<void> {
    const { head, damage } = this.#log
    if (head === null || damage !== null) return
    const remembered = await this.#deps.witness(this.#deps.policy(name), name, head)
    if (remembered === 'fenced') return
    if (remembered === null || this.#log.holds(remembered)) this.#seenSeq = Math.max(this.#seenSeq, head.seq)
    else this.#onOldCopy(name, { reason: 'old_copy', seq: remembered.seq })
  }
}
