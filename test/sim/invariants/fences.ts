// What is fenced in a world, and what hangs on it: that need not come to its end, but somebody has to have been told.

import type { Address } from '../../../src/shared/chain/address.ts'
import type { TxHash } from '../../../src/shared/chain/hash.ts'
import type { ChainHost, SignerHost, TransferHost } from '../actors.ts'
import type { World } from '../world.ts'
import type { Standing, Strike } from './strikes.ts'

type Struck = { readonly name: string; readonly strike: Strike; readonly standing: Standing }

/** As of one moment. */
export class Fences {
  readonly #world: World
  readonly #struck = new Map<string, Struck>()
  /** Fenced as long as they are awake, though a fresh reading passes the damage by. */
  readonly #hidden = new Set<string>()

  constructor(world: World) {
    this.#world = world
    for (const host of world.hosts) this.#look(host)
  }

  #look(host: TransferHost | SignerHost | ChainHost): void {
    const { strikes } = this.#world.auditor
    const strike = strikes.of(host.name)
    if (strike === null) return
    if (strikes.isHidden(host)) this.#hidden.add(host.name)
    this.#struck.set(host.name, { name: host.name, strike, standing: strikes.standing(host) })
  }

  isAstray(transfer: string): boolean {
    return this.#struck.get(transfer)?.standing === 'astray'
  }

  /** A transfer that takes nothing any more: damaged, or an old copy that was told so. */
  isFenced(transfer: string): boolean {
    const struck = this.#struck.get(transfer)
    if (struck === undefined) return false
    const isOut = struck.standing === 'fenced' || this.#hidden.has(transfer)
    return isOut || (struck.standing === 'astray' && struck.strike.isTold)
  }

  /** An old copy of a signer is as good as fenced; one of a chain follows the chain again. */
  isSignerFenced(signer: string): boolean {
    const standing = this.#struck.get(signer)?.standing ?? 'sound'
    const isOut = standing !== 'sound' || this.#hidden.has(signer)
    return isOut || this.#isChainFenced || this.#isPassedBy(signer)
  }

  /**
   * An old copy of a chain made more final, for others, before this signer asked again: what it had in those blocks is
   * told by nobody, nor what others brought for it. Its slots stay open; nothing of them is lost or done twice.
   */
  #isPassedBy(signer: string): boolean {
    const { auditor, chain } = this.#world
    if (!this.#struck.has(auditor.chainName ?? '')) return false
    const state = auditor.signers.get(signer)?.state
    const address = state?.identity?.address
    const from = address === undefined ? undefined : auditor.chainBook?.watchedFrom.get(address)
    if (state === undefined || from === undefined) return false
    const hashes = [...state.slots.values()].flatMap(({ attempts }) => attempts.map(({ hash }) => hash))
    const passed = (hash: TxHash) => (chain.blockOf(hash)?.number ?? Number.POSITIVE_INFINITY) <= from
    return (
      hashes.some(passed) || [...state.carried.keys()].some((id) => auditor.hasRunBy(id, chain.finalized))
    )
  }

  isAccountFenced(address: Address): boolean {
    const names = [...this.#world.signers.keys()].filter((name) => name.endsWith(address))
    return this.#isChainFenced || names.some((name) => this.isSignerFenced(name))
  }

  get #isChainFenced(): boolean {
    const name = this.#world.auditor.chainName ?? ''
    return this.#struck.get(name)?.standing === 'fenced' || this.#hidden.has(name)
  }

  /** Who is fenced without anybody knowing, or without need. */
  unrest(): readonly string[] {
    return [...this.#struck.values()].flatMap((struck) => {
      const { name, strike, standing } = struck
      const isLost = standing === 'fenced' || (standing === 'astray' && this.#world.signers.has(name))
      if (!isLost) return []
      const alias = this.#world.stage.alias(name)
      if (this.#isRepairable(struck)) return [`${alias} is damaged, and the archive has what it lost`]
      // Who asks a witness that is damaged itself cannot know that it is an old copy. It does nothing all the same.
      const canKnow = standing === 'fenced' || !this.#isChainFenced
      return strike.isTold || !canKnow ? [] : [`${alias} is ${standing}, and nobody was told`]
    })
  }

  /** What a copy cannot prove is whose log it is; all else comes back when the archive has it. */
  #isRepairable({ name, strike, standing }: Struck): boolean {
    if (standing !== 'fenced' || strike.harm === null || strike.harm.table === 'meta') return false
    return this.#world.archive.has(name, strike.head)
  }
}
