// Gives signed batches to those who bring them, and asks again what became of them: calls that go down, as a transfer's to
// its signer. What was brought the chain tells, so nothing here has to be remembered: after a crash the same question is
// asked of the same carrier, who knows whether it took the batch. Two may bring one: it runs once (contracts/SPEC.md, B1).

import { carriageKey, carriageOf } from '../../shared/adapters/carriage.ts'
import type { Address } from '../../shared/chain/address.ts'
import { type ChainPolicy, carriersFor } from '../../shared/chain/policy.ts'
import type { Hex } from '../../shared/lib/hex.ts'
import { addMs, SECOND_MS, type UnixMs } from '../../shared/lib/time.ts'
import type { SignerActor, SignerName } from '../../shared/ports/signer-actor.ts'
import type { AttemptOutcome, SignedAttempt } from '../../shared/signer/state/attempt.ts'
import { type CarriedBatch, endOfTime } from '../../shared/signer/state/carried-batch.ts'
import type { StepStanding } from '../../shared/transfer/step-report.ts'
import { SingleFlight } from '../turns/single-flight.ts'
import type { SignerLog } from './signer-log.ts'

/** Blocks after which a carrier is asked again what became of a batch that stands in none. */
const ASKED_AGAIN_BLOCKS = 3
/** Questions in a row that a carrier may leave unanswered before another one is asked. */
const SILENCES_MOST = 2

export type Carrier = Pick<SignerActor, 'admit' | 'outcomes' | 'report' | 'withdraw'>

export type CarryingDeps = {
  readonly now: () => UnixMs
  readonly carrier: (name: SignerName) => Carrier
  readonly broadcast: (
    name: SignerName,
    attempts: readonly SignedAttempt[],
  ) => Promise<readonly AttemptOutcome[]>
  readonly policy: (name: SignerName) => ChainPolicy
  readonly log: (event: string, fields: Readonly<Record<string, unknown>>) => void
}

/** Of a batch, in this life of the object. */
type Tried = { readonly tries: number; readonly silences: number; readonly at: UnixMs }

export class Carrying {
  readonly #deps: CarryingDeps
  readonly #log: SignerLog
  readonly #tried = new Map<Hex, Tried>()
  readonly #flight = new SingleFlight(() => this.#bringAll())

  constructor(deps: CarryingDeps, log: SignerLog) {
    this.#deps = deps
    this.#log = log
  }

  get isDue(): boolean {
    const { identity } = this.#log.state
    return identity !== null && this.#due(this.#deps.policy(identity)).length > 0
  }

  run(): Promise<void> {
    return this.#flight.run()
  }

  async #bringAll(): Promise<void> {
    const { identity: name, carried } = this.#log.state
    if (name === null) return
    for (const id of this.#tried.keys()) if (!carried.has(id)) this.#tried.delete(id)
    const policy = this.#deps.policy(name)
    await Promise.all(this.#due(policy).map((batch) => this.#bring(name, policy, batch)))
  }

  #due({ block_time_ms }: ChainPolicy): readonly CarriedBatch[] {
    const now = this.#deps.now()
    const waitMs = Math.max(SECOND_MS, ASKED_AGAIN_BLOCKS * block_time_ms)
    return [...this.#log.state.carried.values()].filter((batch) => {
      const at = this.#tried.get(batch.id)?.at
      const isOpen = batch.signature !== null && batch.inclusion === null && now < endOfTime(batch)
      return isOpen && (at === undefined || now >= addMs(at, waitMs))
    })
  }

  async #bring(name: SignerName, policy: ChainPolicy, batch: CarriedBatch): Promise<void> {
    const { tries, silences } = this.#tried.get(batch.id) ?? { tries: 0, silences: 0 }
    const carrier = carrierAt(carriersFor(policy, name), batch, tries)
    if (carrier === null) return
    const at = this.#deps.now()
    const told = { chain: name.chain, address: name.address, batch: batch.id, carrier }
    try {
      const isKept = await this.#give(name, batch, { ...name, address: carrier }, tries)
      this.#tried.set(batch.id, { tries: isKept ? tries : tries + 1, silences: 0, at })
      if (!isKept) this.#deps.log('signer.not_carried', told)
    } catch (error) {
      const isLost = silences + 1 >= SILENCES_MOST
      this.#tried.set(batch.id, {
        tries: isLost ? tries + 1 : tries,
        silences: isLost ? 0 : silences + 1,
        at,
      })
      this.#deps.log('signer.carrier_silent', { ...told, error })
    }
  }

  /** False: this carrier will not bring it. */
  async #give(
    name: SignerName,
    batch: CarriedBatch,
    carrierName: SignerName,
    tries: number,
  ): Promise<boolean> {
    const carrier = this.#deps.carrier(carrierName)
    const key = carriageKey(name.chain, name.address, batch, tries)
    const { answers, attempts } = await carrier.admit(carrierName, [
      carriageOf(name.address, batch, key, this.#deps.now()),
    ])
    if (attempts.length > 0) {
      await carrier.outcomes(await this.#deps.broadcast(carrierName, attempts))
    }
    const [answer] = answers
    if (answer?.result === 'admitted') return true
    if (answer?.result !== 'known') return false
    const { standing } = await carrier.report(carrierName, key)
    if (!isStuck(standing)) return !isOver(standing)
    // Only what it gave back may another one bring without paying for it twice.
    return (await carrier.withdraw(carrierName, key, 'deadline')).result !== 'withdrawn'
  }
}

/** The one that was chosen first, then the others in turn. */
function carrierAt(carriers: readonly Address[], { carrier }: CarriedBatch, tries: number): Address | null {
  const first = Math.max(0, carriers.indexOf(carrier))
  return carriers[(first + tries) % carriers.length] ?? null
}

/** Its transaction can not run any more, or has, and the account's code says nothing of it. */
function isOver(standing: StepStanding): boolean {
  const { at } = standing
  return at === 'closed' || at === 'rejected' || at === 'withdrawn' || (at === 'slot' && standing.final)
}

function isStuck(standing: StepStanding): boolean {
  return standing.at === 'pool' && (standing.held === 'funds' || standing.held === 'fenced')
}
