// What a chain's object does, without the object: follows the head for the accounts that have something under way, and
// tells their signers. Holds no transfers and no hashes of ours: it matches by sender.
//
// The subscription is a hint that it is time to look; the walk by parent hash is the truth. Facts are absolute as of a
// view (the log's seq), so a push that is lost is made up for by the next one or by the signer's own question.

import type { ChainFacts, FactsReply } from '../../shared/chain/account-facts.ts'
import type { Address } from '../../shared/chain/address.ts'
import type { Block, BlockRef } from '../../shared/chain/block.ts'
import type { ChainId } from '../../shared/chain/chain-id.ts'
import { concerned, confirmationsOf, factsOf } from '../../shared/chain/facts.ts'
import {
  advance,
  fence,
  finalBlock,
  isBelowFinality,
  linkOf,
  restartHeight,
  start,
} from '../../shared/chain/follow.ts'
import type { ChainPolicy } from '../../shared/chain/policy.ts'
import type { ChainRecord } from '../../shared/chain/records.ts'
import { type ChainState, NO_CHAIN, tipOf } from '../../shared/chain/state.ts'
import { addMs, SECOND_MS, type UnixMs } from '../../shared/lib/time.ts'
import type { ChainSummary, Depth, WatchAnswer, WatchedSigner } from '../../shared/ports/chain-actor.ts'
import type { ChainNode } from '../../shared/ports/chain-node.ts'
import type { By } from '../../shared/wal/by.ts'
import type { Storage } from '../sqlite/storage.ts'
import { SingleFlight } from '../turns/single-flight.ts'
import { type ChainJournal, createChainJournal, openChainJournal } from './chain-journal.ts'
import { IdentityCheck } from './identity-check.ts'
import { blockAtHeight, look } from './look.ts'

/** No endpoint is asked for its head more often than this by the alarm, however fast the chain is. */
const TICK_LEAST_MS = SECOND_MS
/** Blocks without a hint after which the alarm looks by itself, when the subscription is there. */
const WATCHDOG_BLOCKS = 2
/** Block times without a block after which another endpoint is asked first. */
const STALLED_BLOCKS = 5
/** Looks in a row that a long gap may take before others get their turn. */
const LOOKS_IN_A_ROW = 20

export type ChainDeps = {
  readonly storage: Storage
  readonly now: () => UnixMs
  readonly policy: (chain: ChainId) => ChainPolicy
  /** All endpoints of this chain, also those that do not answer; best first. */
  readonly nodes: (policy: ChainPolicy) => Promise<readonly ChainNode[]>
  /** Makes sure that new heads are announced, where an endpoint can; true: they are. */
  readonly subscribe: (policy: ChainPolicy) => boolean
  readonly unsubscribe: () => void
  readonly tell: (chain: ChainId, address: Address, facts: ChainFacts) => Promise<FactsReply>
  readonly background: (work: Promise<void>) => void
  readonly log: (event: string, fields: Readonly<Record<string, unknown>>) => void
}

export class ChainEngine {
  readonly #deps: ChainDeps
  #journal: ChainJournal | null
  readonly #looking = new SingleFlight(() => this.#look())
  /** Calls of `watch` per account: an answer that was given before the last of them says nothing any more. */
  readonly #watchCalls = new Map<Address, number>()
  readonly #identity = new IdentityCheck({
    known: () => this.#state.genesis,
    learn: (genesis) => this.#commit([{ kind: 'identified', genesis }], { source: 'chain' }),
    onOther: (endpoint, genesis) => this.#deps.log('chain.other_genesis', { endpoint, genesis }),
  })
  #lookedAt: UnixMs | null = null
  #isReachable = false
  /** When a block last came, in this life of the object. */
  #advancedAt: UnixMs | null = null
  /** What an endpoint last said, for those who only want to look: nothing is decided by it. */
  #glance: { readonly head: BlockRef; readonly finalized: BlockRef | null } | null = null

  constructor(deps: ChainDeps) {
    this.#deps = deps
    this.#journal = openChainJournal(deps.storage)
  }

  async watch(chain: ChainId, { address, tenant }: WatchedSigner): Promise<WatchAnswer> {
    this.#open(chain)
    this.#watchCalls.set(address, (this.#watchCalls.get(address) ?? 0) + 1)
    if (this.#state.watched.has(address)) return this.#standing()
    // With nobody watching, the picture is as old as the last one who did: following begins anew at the head.
    if (this.#state.watched.size === 0 && !(await this.#restart(chain))) return 'unreachable'
    if (!this.#state.watched.has(address)) {
      this.#commit([{ kind: 'watched', address, tenant }], { source: 'queue' })
    }
    this.#deps.subscribe(this.#deps.policy(chain))
    return this.#standing()
  }

  async facts(chain: ChainId, signer: WatchedSigner): Promise<ChainFacts> {
    await this.watch(chain, signer)
    return factsOf(this.#state, signer.address, this.#view)
  }

  async depth(chain: ChainId, block: BlockRef): Promise<Depth> {
    this.#open(chain)
    if (this.#isStale(chain)) await this.#looking.run()
    const { finalized } = this.#state
    return {
      confirmations: confirmationsOf(this.#state, block),
      isFinal: finalized !== null && block.number <= finalized.number,
    }
  }

  async summary(chain: ChainId): Promise<ChainSummary> {
    this.#open(chain)
    if (this.#isStale(chain)) await (this.#state.watched.size > 0 ? this.#looking.run() : this.#peek(chain))
    const { fence: fenced, watched, finalized } = this.#state
    const tip = tipOf(this.#state)
    const followed = tip === null ? null : refOf(tip)
    return {
      chain,
      status: fenced !== null ? 'fenced' : watched.size > 0 ? 'following' : 'idle',
      status_reason: fenced?.reason ?? null,
      is_reachable: this.#isReachable,
      head: this.#glance?.head ?? followed,
      finalized: watched.size > 0 ? finalized : (this.#glance?.finalized ?? finalized),
    }
  }

  /** A new head was announced: nothing of it is believed but that it is time to look. */
  hint(): Promise<void> {
    return this.#looking.run()
  }

  /** The alarm, or somebody who found it overdue. An object that was never opened has nothing to look at. */
  async wake(): Promise<void> {
    this.#arm()
    if (this.#state.watched.size > 0) await this.#looking.run()
  }

  async #look(): Promise<void> {
    const { chain } = this.#state
    if (chain === null || this.#state.fence !== null || this.#state.watched.size === 0) return
    const policy = this.#deps.policy(chain)
    const nodes = await this.#usable(policy)
    for (let count = 0; count < LOOKS_IN_A_ROW; count++) {
      const isDone = await this.#lookOnce(nodes, policy)
      if (isDone) return
    }
  }

  async #lookOnce(nodes: readonly ChainNode[], policy: ChainPolicy): Promise<boolean> {
    for (const node of this.#inTurn(nodes, policy)) {
      const seen = await look(node, this.#state, () => this.#state.watched)
      if (seen.saw === 'nothing') {
        this.#deps.log('chain.look_failed', { chain: policy.chain, endpoint: node.name, ...seen.failure })
        continue
      }
      this.#answered()
      this.#glance = { head: refOf(seen.head), finalized: seen.tagged }
      this.#identity.suspect(node, seen.head, this.#state.finalized)
      const by: By = { source: 'chain' }
      if (seen.saw === 'lost') return this.#startBelow(node, seen.head, seen.tagged, policy)
      if (seen.saw === 'start') this.#commit(start(seen.head), by)
      else if (isLinked(this.#state, seen.path)) {
        this.#advancedAt = this.#deps.now()
        this.#commit(advance(this.#state, seen.path, seen.matches), by)
      }
      await this.#finalize(nodes, seen.tagged, policy)
      return seen.saw === 'start' || !seen.isPartial
    }
    this.#isReachable = false
    return true
  }

  /** The best first; but where no block came for long, the others are asked first: the best may stand still. */
  #inTurn(nodes: readonly ChainNode[], policy: ChainPolicy): readonly ChainNode[] {
    const [best, ...others] = nodes
    const staleMs = STALLED_BLOCKS * policy.block_time_ms
    const isStalled = this.#advancedAt !== null && this.#deps.now() >= addMs(this.#advancedAt, staleMs)
    return isStalled && best !== undefined ? [...others, best] : nodes
  }

  #answered(): void {
    this.#lookedAt = this.#deps.now()
    this.#isReachable = true
  }

  /** A branch that hangs on none of our blocks. True: there is nothing more to look at now. */
  async #startBelow(
    node: ChainNode,
    head: Block,
    tagged: BlockRef | null,
    policy: ChainPolicy,
  ): Promise<boolean> {
    const by: By = { source: 'chain' }
    if (isBelowFinality(this.#state)) {
      this.#commit(fence(this.#state, head), by)
      return true
    }
    const height = restartHeight(this.#state, head, tagged, policy.finality)
    const block = await blockAtHeight(node, height)
    if (!block.ok || isBelowFinality(this.#state)) return true
    this.#commit(start(block.value), by)
    return false
  }

  /** Before anything is called final, the block is asked for once more, by height, from as many voices as there need be. */
  async #finalize(nodes: readonly ChainNode[], tagged: BlockRef | null, policy: ChainPolicy): Promise<void> {
    const block = finalBlock(this.#state, tagged, policy.finality)
    if (block === null || !(await isAgreed(nodes, block))) return
    if (finalBlock(this.#state, tagged, policy.finality)?.hash !== block.hash) return
    this.#commit([{ kind: 'finalized', block }], { source: 'chain' })
  }

  async #restart(chain: ChainId): Promise<boolean> {
    const head = await this.#peek(chain)
    if (head === null) return false
    if (this.#state.fence === null && this.#state.watched.size === 0) {
      this.#commit(start(head), { source: 'chain' })
    }
    return true
  }

  /** A glance while nobody watches: writes nothing, but that the chain is found to be another one than the log knows. */
  async #peek(chain: ChainId): Promise<Block | null> {
    const nodes = await this.#usable(this.#deps.policy(chain))
    for (const node of nodes) {
      const heads = await node.heads()
      if (!heads.ok) {
        this.#deps.log('chain.look_failed', { chain, endpoint: node.name, ...heads.error })
        continue
      }
      const { head, finalized } = heads.value
      this.#answered()
      this.#glance = { head: refOf(head), finalized }
      this.#identity.suspect(node, head, this.#state.finalized)
      if (await this.#isBroken(node, head)) this.#commit(fence(this.#state, head), { source: 'chain' })
      return head
    }
    this.#isReachable = false
    return null
  }

  /** Whether what was final when somebody last watched is final no more. A node that is behind says nothing. */
  async #isBroken(node: ChainNode, head: Block): Promise<boolean> {
    const { finalized } = this.#state
    if (finalized === null || head.number < finalized.number) return false
    const known = await node.blockByNumber(finalized.number)
    return known.ok && known.value !== null && known.value.hash !== finalized.hash
  }

  /** The endpoints that are of this chain by its first block. Where all that answer are not, it was reset. */
  async #usable(policy: ChainPolicy): Promise<readonly ChainNode[]> {
    const nodes = await this.#deps.nodes(policy)
    const usable = await this.#identity.usable(nodes)
    const isReset = nodes.length > 0 && usable.length === 0
    if (isReset && this.#state.fence === null) {
      const at = this.#state.finalized ?? tipOf(this.#state)
      if (at !== null) this.#commit([{ kind: 'fenced', reason: 'reset', at: refOf(at) }], { source: 'chain' })
    }
    return usable
  }

  #commit(records: readonly ChainRecord[], by: By): void {
    if (records.length === 0 || this.#journal === null) return
    const before = this.#state
    this.#journal.commit(records, { at: this.#deps.now(), by })
    this.#arm()
    const addresses = concerned(before, this.#state, records)
    if (addresses.length > 0) this.#deps.background(this.#tell(addresses))
  }

  async #tell(addresses: readonly Address[]): Promise<void> {
    await Promise.all(addresses.map((address) => this.#tellOne(address)))
  }

  async #tellOne(address: Address): Promise<void> {
    const { chain } = this.#state
    if (chain === null) return
    const calls = this.#watchCalls.get(address)
    const reply = await this.#deps.tell(chain, address, factsOf(this.#state, address, this.#view))
    const records: ChainRecord[] = []
    const inclusions = this.#state.inclusions.get(address) ?? []
    if (inclusions.some(({ nonce }) => nonce < reply.settledBelow)) {
      records.push({ kind: 'settled', address, below: reply.settledBelow })
    }
    const isStillIdle = !reply.isActive && this.#watchCalls.get(address) === calls
    if (isStillIdle && this.#state.watched.has(address)) records.push({ kind: 'unwatched', address })
    this.#commit(records, { source: 'chain' })
    if (this.#state.watched.size === 0) this.#deps.unsubscribe()
  }

  #arm(): void {
    const { chain, watched, fence: fenced } = this.#state
    if (chain === null || watched.size === 0 || fenced !== null) return
    const policy = this.#deps.policy(chain)
    const isAnnounced = this.#deps.subscribe(policy)
    const waitMs = isAnnounced ? WATCHDOG_BLOCKS * policy.block_time_ms : policy.block_time_ms
    void this.#deps.storage.setAlarm(addMs(this.#deps.now(), Math.max(TICK_LEAST_MS, waitMs)))
  }

  #isStale(chain: ChainId): boolean {
    const maxAgeMs = this.#deps.policy(chain).block_time_ms
    return this.#lookedAt === null || this.#deps.now() >= addMs(this.#lookedAt, maxAgeMs)
  }

  #open(chain: ChainId): void {
    if (this.#journal !== null) return
    this.#journal = this.#deps.storage.transactionSync(() => {
      const journal = createChainJournal(this.#deps.storage, chain)
      journal.commit([{ kind: 'opened', chain }], { at: this.#deps.now(), by: { source: 'queue' } })
      return journal
    })
  }

  #standing(): 'following' | 'fenced' {
    return this.#state.fence === null ? 'following' : 'fenced'
  }

  get #state(): ChainState {
    return this.#journal?.state ?? NO_CHAIN
  }

  get #view(): number {
    return this.#journal?.wal.head.seq ?? 0
  }
}

function refOf({ number, hash }: BlockRef): BlockRef {
  return { number, hash }
}

/** Following may have begun anew during the look: what was seen then hangs on nothing. */
function isLinked(state: ChainState, path: readonly Block[]): boolean {
  const [first] = path
  return first !== undefined && linkOf(state, first) === 'linked'
}

/** Voices that must agree before a final status: as many operators as there are, at most two. */
const QUORUM_MOST = 2

async function isAgreed(nodes: readonly ChainNode[], block: BlockRef): Promise<boolean> {
  const operators = new Set(nodes.map((node) => node.operator))
  const needed = Math.min(QUORUM_MOST, operators.size)
  const agreed = new Set<string>()
  for (const node of nodes) {
    if (agreed.has(node.operator)) continue
    const seen = await node.blockByNumber(block.number)
    if (seen.ok && seen.value !== null && seen.value.hash !== block.hash) return false
    if (seen.ok && seen.value !== null) agreed.add(node.operator)
    if (agreed.size >= needed) return true
  }
  return false
}
