// Strikes the storage of objects while their hosts are down. Only what the design answers for: an object is struck once; of
// signers and chains that stand witness for each other, a history puts back one kind; a signer comes back as what its
// witness has seen past, a transfer as what somebody beside it knows to be older.

import type { ChainHost, SignerHost, TransferHost } from './actors.ts'
import { earlierSeqs, harm, headIn, putBack } from './tampering.ts'
import type { World } from './world.ts'

type AnyHost = TransferHost | SignerHost | ChainHost

/** Of a log before it is struck: a shorter one has nothing to lose. */
const GROUPS_LEAST = 2

export class Calamities {
  readonly #world: World
  /** Which of the two that remember each other may be put back in this history. */
  readonly #standing: 'SignerObject' | 'ChainObject'

  constructor(world: World) {
    this.#world = world
    this.#standing = world.stage.chance.stream('old copies').pick(['SignerObject', 'ChainObject'])
  }

  /** What may befall this object now. */
  befall(host: AnyHost): void {
    const { auditor, stage } = this.#world
    // Asked often: the storage itself is looked at only when it is struck.
    if (this.#strikes.of(host.name) !== null || auditor.groupsOf(host.name) < GROUPS_LEAST) return
    if (stage.faults.strikes('record_damaged')) this.#harm(host)
    else if (this.#mayComeBack(host) && stage.faults.strikes('old_copy')) this.#putBack(host)
  }

  /** Somebody looks at what was struck: it may be that nobody has anything to do with it any more. */
  lookAtAll(): void {
    const { cron } = this.#world
    for (const host of this.#world.hosts) if (this.#strikes.of(host.name) !== null) cron.lookAt(host)
  }

  #harm(host: AnyHost): void {
    const stream = this.#world.stage.faults.stream('record_damaged')
    // Of what came after its witness's head nobody was told: a signer that lost its last row there is as one that crashed.
    const head = host.storage.tamper(headIn)
    const trunk = this.#world.auditor.witnessed(host.name) ?? head
    const done = host.comeBackWith((database) => harm(database, stream))
    if (trunk === null || head === null || done === null) return
    this.#world.stage.note?.(`      ${this.#alias(host)}: a row of ${done.table} is ${done.how}`)
    this.#strikes.add(host.name, done, trunk, head)
  }

  #putBack(host: AnyHost): void {
    const { auditor } = this.#world
    const stream = this.#world.stage.faults.stream('old_copy')
    const seqs = this.#seqsFor(host)
    const seq = seqs[stream.below(seqs.length)]
    // A signer needs to come back only as far as its witness remembers: nothing was told of what came after.
    const trunk = auditor.witnessed(host.name) ?? host.storage.tamper(headIn)
    if (seq === undefined || trunk === null) return
    host.comeBackWith((database) => putBack(database, seq))
    host.ringSoon()
    this.#world.stage.note?.(`      ${this.#alias(host)} comes back as of ${seq}, it was at ${trunk.seq}`)
    this.#strikes.add(host.name, null, trunk, trunk)
    auditor.restart(host.name)
  }

  /** Where it can be put back to. */
  #seqsFor(host: AnyHost): readonly number[] {
    const { auditor } = this.#world
    const seqs = host.storage.tamper(earlierSeqs)
    if (host.actor === 'TransferObject') {
      // One that knows of no signer that was asked may end by itself, and nobody else knows better for certain.
      const phases = auditor.transfers.get(host.name)?.phases
      return seqs.filter((seq) => phases?.get(seq) !== 'accepted')
    }
    // From before it ever followed anything it does not know how far back to look for what was under way.
    if (host.actor === 'ChainObject') {
      return seqs.filter((seq) => seq >= (auditor.chainBook?.followedSince ?? seq))
    }
    return seqs.filter((seq) => seq < (auditor.witnessed(host.name)?.seq ?? 0))
  }

  #mayComeBack({ actor }: AnyHost): boolean {
    return actor === 'TransferObject' || actor === this.#standing
  }

  get #strikes() {
    return this.#world.auditor.strikes
  }

  #alias(host: AnyHost): string {
    return this.#world.stage.alias(host.name)
  }
}
