// What a chain's object does, without the object: follows the head for the accounts that have something under way, and
// tells their signers. Holds no transfers and no hashes of ours: it matches by sender.
//
// The subscription is a hint that it is time to look; the walk by parent hash is the truth. Facts are absolute as of a
// view (the log's seq), so a push that is lost is made up for by the next one or by the signer's own question.

import type { ChainFacts } from '../../shared/chain/account-facts.ts'
import { type Block, type BlockRef, refOf } from '../../shared/chain/block.ts'
import type { ChainId } from '../../shared/chain/chain-id.ts'
import { concerned, confirmationsOf, factsOf, hasFinal } from '../../shared/chain/facts.ts'
import {
  advance,
  fence,
  isBehind,
  isBelowFinality,
  isLinked,
  judgeIdentity,
  restartHeight,
  start,
  watchAgain,
} from '../../shared/chain/follow.ts'
import { type ChainPolicy, hasCarriers } from '../../shared/chain/policy.ts'
import type { ChainRecord } from '../../shared/chain/records.ts'
import { type ChainState, NO_CHAIN, tipOf } from '../../shared/chain/state.ts'
import { isLater, type WitnessAnswer, type Witnessed } from '../../shared/chain/witness.ts'
import { addMs, MINUTE_MS, SECOND_MS } from '../../shared/lib/time.ts'
import type {
  AskingSigner,
  ChainSummary,
  Depth,
  WatchAnswer,
  WatchedSigner,
} from '../../shared/ports/chain-actor.ts'
import type { ChainNode } from '../../shared/ports/chain-node.ts'
import type { By } from '../../shared/wal/by.ts'
import type { WalDamage } from '../../shared/wal/damage.ts'
import { LogKeeper } from '../archive/log-keeper.ts'
import { SingleFlight } from '../turns/single-flight.ts'
import { isContradicted, isUndone } from './agreement.ts'
import { BlockSources } from './block-sources.ts'
import type { ChainDeps } from './chain-deps.ts'
import { type ChainJournal, createChainJournal, openChainJournal } from './chain-journal.ts'
import { Finality } from './finality.ts'
import { IdentityCheck } from './identity-check.ts'
import { LastLook } from './last-look.ts'
import { blockAtHeight, look } from './look.ts'
import { SignerNews } from './signer-news.ts'
import { Span } from './span.ts'

/** No endpoint is asked for its head more often than this by the alarm, however fast the chain is. */
const TICK_LEAST_MS = SECOND_MS
/** Blocks without a hint after which the alarm looks by itself, when the subscription is there. */
const WATCHDOG_BLOCKS = 2
/** How often an object with a damaged log looks whether it can be repaired, and says that it is there. */
const DAMAGED_LOOK_MS = 5 * MINUTE_MS
/** How often a chain that seems to be another one is asked whether it still does. */
const RESET_LOOK_MS = 15 * SECOND_MS
/** Looks in a row that a long gap may take before others get their turn. */
const LOOKS_IN_A_ROW = 20

export class ChainEngine {
  readonly archive: LogKeeper<ChainState, ChainRecord>
  readonly #deps: ChainDeps
  #journal: ChainJournal | null
  readonly #looking = new SingleFlight(() => this.#look())
  readonly #telling: SignerNews
  readonly #identity = new IdentityCheck({
    known: () => this.#state.genesis,
    learn: (genesis) => this.#commit([{ kind: 'identified', genesis }], { source: 'chain' }),
    onOther: (endpoint, genesis) => this.#deps.log('chain.other_genesis', { endpoint, genesis }),
  })
  readonly #last: LastLook
  readonly #sources = new BlockSources()
  readonly #walked = new Span()
  readonly #finality = new Finality(
    {
      state: () => this.#state,
      commit: (records) => this.#commit(records, { source: 'chain' }),
      log: (event, fields) => this.#deps.log(event, fields),
    },
    this.#sources,
  )

  constructor(deps: ChainDeps) {
    this.#deps = deps
    this.#last = new LastLook(deps.now)
    this.#journal = openChainJournal(deps.storage, deps.keeping)
    this.archive = new LogKeeper(deps, () => this.#journal)
    this.#telling = new SignerNews({
      now: deps.now,
      state: () => this.#state,
      view: () => this.#view,
      tell: deps.tell,
      commit: (records) => this.#commit(records, { source: 'chain' }),
      unsubscribe: deps.unsubscribe,
    })
  }

  async watch(chain: ChainId, { isUnderWay, ...signer }: AskingSigner): Promise<WatchAnswer> {
    const { address, tenant } = signer
    this.#open(chain)
    if (this.#damage !== null) return { result: 'fenced' }
    if (isUnderWay) this.#commit(watchAgain(this.#state, signer), { source: 'queue' })
    this.#telling.asked(address)
    if (this.#state.watched.has(address)) return this.#standing()
    // With nobody watching, the picture is as old as the last one who did: following begins anew at the head.
    if (this.#state.watched.size === 0 && !(await this.#restart(chain))) return { result: 'unreachable' }
    if (!this.#state.watched.has(address)) {
      this.#commit([{ kind: 'watched', address, tenant }], { source: 'queue' })
    }
    this.#deps.subscribe(this.#deps.policy(chain))
    return this.#standing()
  }

  async facts(chain: ChainId, signer: WatchedSigner): Promise<ChainFacts> {
    await this.watch(chain, { ...signer, isUnderWay: true })
    // A damaged log does not know what came last: its facts are older than any.
    if (this.#damage !== null) return { view: 0, head: 0, inclusions: [], finalized: -1 }
    return factsOf(this.#state, signer.address, this.#view)
  }

  witness(chain: ChainId, { address }: WatchedSigner, head: Witnessed): WitnessAnswer {
    this.#open(chain)
    if (this.#damage !== null) return 'fenced'
    const remembered = this.#state.witnessed.get(address) ?? null
    if (isLater(remembered, head)) {
      this.#commit([{ kind: 'witnessed', address, ...head }], { source: 'queue' })
      // What its signer could not let us forget before, it may now.
      if (hasFinal(this.#state, address)) this.#deps.background(this.#telling.tell([address]))
    }
    return remembered
  }

  async depth(chain: ChainId, block: BlockRef): Promise<Depth> {
    this.#open(chain)
    if (this.#damage !== null) return { confirmations: null, isFinal: false }
    if (this.#last.isStale(this.#deps.policy(chain))) await this.#looking.run()
    const { finalized } = this.#state
    return {
      confirmations: confirmationsOf(this.#state, block),
      isFinal: finalized !== null && block.number <= finalized.number,
    }
  }

  async summary(chain: ChainId): Promise<ChainSummary> {
    this.#open(chain)
    if (this.#last.isStale(this.#deps.policy(chain)) && this.#damage === null)
      await (this.#state.watched.size > 0 ? this.#looking.run() : this.#peek(chain))
    const { watched, finalized } = this.#state
    const fenced = this.#damage === null ? (this.#state.fence?.reason ?? null) : 'damaged'
    const tip = tipOf(this.#state)
    const log = this.#journal?.report() ?? null
    const followed = tip === null ? null : refOf(tip)
    return {
      chain,
      status: fenced !== null ? 'fenced' : watched.size > 0 ? 'following' : 'idle',
      status_reason: fenced,
      log,
      is_reachable: this.#last.isReachable,
      head: this.#last.glance?.head ?? followed,
      finalized: watched.size > 0 ? finalized : (this.#last.glance?.finalized ?? finalized),
    }
  }

  /** Null: nobody has anything under way here. */
  get followed(): ChainId | null {
    return this.#state.watched.size > 0 ? this.#state.chain : null
  }

  /** A new head was announced: nothing of it is believed but that it is time to look. */
  hint(): Promise<void> {
    return this.#looking.run()
  }

  /** The alarm, or somebody who found it overdue. An object that was never opened has nothing to look at. */
  async wake(): Promise<void> {
    this.#arm()
    await this.archive.keep()
    if (this.#damage !== null) {
      return this.#deps.log('log.damaged', { chain: this.#state.chain, ...this.#damage })
    }
    if (this.#state.watched.size > 0) await this.#looking.run()
    this.#deps.background(this.#telling.tellUnheard())
  }

  async #look(): Promise<void> {
    const { chain } = this.#state
    // A damaged log takes nothing: what would be seen is seen when it is whole again.
    if (chain === null || this.#state.watched.size === 0 || this.#damage !== null) return
    const policy = this.#deps.policy(chain)
    const nodes = await this.#usable(policy)
    if (this.#state.fence !== null) return
    for (let count = 0; count < LOOKS_IN_A_ROW; count++) {
      const isDone = await this.#lookOnce(nodes, policy)
      if (isDone) return
    }
  }

  async #lookOnce(nodes: readonly ChainNode[], policy: ChainPolicy): Promise<boolean> {
    for (const node of this.#sources.inTurn(nodes, this.#deps.now(), policy.block_time_ms)) {
      const isBrought = hasCarriers(policy)
      const wanted = () => ({ watched: this.#state.watched, isBrought })
      const seen = await look(node, this.#state, wanted, this.#walked.blocks)
      if (seen.saw === 'nothing') {
        this.#walked.failed()
        this.#deps.log('chain.look_failed', { chain: policy.chain, endpoint: node.name, ...seen.failure })
        continue
      }
      this.#last.answered(seen.head, seen.tagged)
      this.#identity.suspect(node, seen.head, this.#state.finalized)
      const by: By = { source: 'chain' }
      if (seen.saw === 'lost') return this.#startBelow(nodes, node, seen.head, seen.tagged, policy)
      if (seen.saw === 'start') this.#commit(start(seen.head), by)
      else if (isLinked(this.#state, seen.path)) {
        this.#sources.told(node.operator, seen.path, this.#deps.now())
        this.#commit(advance(this.#state, seen.path, seen.matches, isBrought), by)
        this.#walked.went()
      }
      await this.#finality.settle(nodes, seen.tagged, policy)
      return seen.saw === 'start' || !seen.isPartial
    }
    this.#last.nobodyAnswered()
    return true
  }

  /** A branch that hangs on none of our blocks. True: there is nothing more to look at now. */
  async #startBelow(
    nodes: readonly ChainNode[],
    node: ChainNode,
    head: Block,
    tagged: BlockRef | null,
    policy: ChainPolicy,
  ): Promise<boolean> {
    const by: By = { source: 'chain' }
    if (isBelowFinality(this.#state)) {
      const { finalized } = this.#state
      const { depth } = policy.finality
      const isBroken = finalized !== null && (await isContradicted(nodes, finalized, depth))
      if (isBroken) this.#commit(fence(this.#state, head), by)
      return true
    }
    const height = restartHeight(this.#state, head, tagged, policy.finality)
    const block = await blockAtHeight(node, height)
    if (!block.ok || isBelowFinality(this.#state) || isBehind(this.#state.finalized, block.value)) return true
    this.#commit(start(block.value), by)
    return false
  }

  async #restart(chain: ChainId): Promise<boolean> {
    const head = await this.#peek(chain)
    // A look that was under way may have made more final meanwhile (seed 132128).
    if (head === null || isBehind(this.#state.finalized, head)) return false
    if (this.#state.fence === null && this.#state.watched.size === 0) {
      this.#commit(start(head), { source: 'chain' })
    }
    return true
  }

  /**
   * A glance while nobody watches: the head of the first node that is not behind what is final. Writes nothing, but that
   * the chain is found to be another one than the log knows.
   */
  async #peek(chain: ChainId): Promise<Block | null> {
    const policy = this.#deps.policy(chain)
    const { finality } = policy
    const nodes = await this.#usable(policy)
    this.#last.nobodyAnswered()
    for (const node of nodes) {
      const heads = await node.heads()
      if (!heads.ok) {
        this.#deps.log('chain.look_failed', { chain, endpoint: node.name, ...heads.error })
        continue
      }
      const { head, finalized } = heads.value
      this.#last.answered(head, finalized)
      this.#identity.suspect(node, head, this.#state.finalized)
      const { finalized: before } = this.#state
      if (isBehind(before, head)) continue
      const isBroken = before !== null && (await isUndone(nodes, node, head, before, finality.depth))
      if (isBroken) this.#commit(fence(this.#state, head), { source: 'chain' })
      return head
    }
    return null
  }

  /** The endpoints that are of this chain by its first block. */
  async #usable(policy: ChainPolicy): Promise<readonly ChainNode[]> {
    const { usable, verdict } = await this.#identity.usable(await this.#deps.nodes(policy))
    this.#commit(judgeIdentity(this.#state, verdict), { source: 'chain' })
    return usable
  }

  #commit(records: readonly ChainRecord[], by: By): void {
    if (records.length === 0 || this.#journal === null || this.#damage !== null) return
    const before = this.#state
    this.#journal.commit(records, { at: this.#deps.now(), by })
    this.#arm()
    this.archive.announce()
    const addresses = concerned(before, this.#state, records)
    if (addresses.length > 0) this.#deps.background(this.#telling.tell(addresses))
  }

  #arm(): void {
    const { chain, watched } = this.#state
    if (chain === null || watched.size === 0) return
    const waitMs = this.#waitMs(this.#deps.policy(chain))
    if (waitMs !== null) void this.#deps.storage.setAlarm(addMs(this.#deps.now(), waitMs))
  }

  #waitMs(policy: ChainPolicy): number | null {
    const { fence: fenced } = this.#state
    if (this.#damage !== null) return DAMAGED_LOOK_MS
    // A reset may turn out to be the endpoints' fault; a breach of finality waits for a person.
    if (fenced !== null) return fenced.reason === 'reset' ? RESET_LOOK_MS : null
    const isAnnounced = this.#deps.subscribe(policy)
    return Math.max(TICK_LEAST_MS, (isAnnounced ? WATCHDOG_BLOCKS : 1) * policy.block_time_ms)
  }

  #open(chain: ChainId): void {
    if (this.#journal !== null) return
    this.#journal = this.#deps.storage.transactionSync(() => {
      const journal = createChainJournal(this.#deps.storage, chain, this.#deps.keeping)
      journal.commit([{ kind: 'opened', chain }], { at: this.#deps.now(), by: { source: 'queue' } })
      return journal
    })
  }

  #standing(): WatchAnswer {
    if (this.#state.fence !== null) return { result: 'fenced' }
    return { result: 'following', since: tipOf(this.#state)?.number ?? 0 }
  }

  get #damage(): WalDamage | null {
    return this.#journal?.damage ?? null
  }

  get #state(): ChainState {
    return this.#journal?.state ?? NO_CHAIN
  }

  get #view(): number {
    return this.#journal?.wal.head.seq ?? 0
  }
}
