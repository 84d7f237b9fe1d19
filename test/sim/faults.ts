// What can go wrong, by name, and how often. A fault is decided where it would happen; whether it does is a draw from the
// stream of its own class, so switching off one class changes no draw of another.

import { type Bias, UNBIASED } from './bias.ts'
import type { Chance, Stream } from './chance.ts'

/** Chance per opportunity in a history that has the class. */
const RATES = {
  /** Of an object, at the end of a turn. */
  crash_before_commit: 0.01,
  crash_after_commit: 0.01,
  crash_after_send: 0.01,
  /** Of an object while it awaits an answer. */
  crash_awaiting: 0.004,
  /** In the first turns of a life: a crash during recovery from one. */
  crash_recovering: 0.15,
  /** Every object and consumer at once. */
  crash_runtime: 0.002,
  /** An object that has nothing under way loses its memory; its sockets stay. */
  eviction: 0.02,
  call_lost: 0.01,
  /** The callee did it, and nobody hears. */
  reply_lost: 0.01,
  /** The runtime calls again by itself. */
  call_doubled: 0.02,
  message_lost: 0.05,
  message_late: 0.05,
  message_doubled: 0.1,
  /** Something nobody understands arrives on a queue. */
  message_poison: 0.1,
  consumer_crash: 0.03,
  /** The read model does not take the rows. */
  read_model_down: 0.05,
  alarm_lost: 0.03,
  alarm_repeated: 0.05,
  alarm_late: 0.05,
  /** No answer; for a broadcast: before or after the bytes were taken. */
  endpoint_timeout: 0.03,
  endpoint_rate_limit: 0.03,
  /** Imports blocks late, by up to some ten. */
  endpoint_lag: 0.08,
  /** Says `accepted` and keeps nothing. */
  endpoint_drop: 0.05,
  endpoint_other_hash: 0.03,
  /** One operator's endpoint tells what is not so: blocks, finality, receipts, nonces, balances, verdicts. */
  endpoint_lie: 0.1,
  eviction_mempool: 0.04,
  reorg: 0.06,
  fee_spike: 0.02,
  /** Somebody else signs with the key of one of our accounts. */
  stranger: 0.05,
  /** Bytes that were handed out long ago reach a pool again. */
  late_attempt: 0.03,
  /** Actors disagree about the time by up to a minute. */
  clock_skew: 0.3,
  client_loss: 0.05,
  /** The place that holds the keys does not sign now. */
  key_unavailable: 0.05,
  /** Stands still: imports no block for a stretch that is longer than finality, and then all of them at once. */
  endpoint_stuck: 0.03,
  /** Of an object whose host is down: a bit of its log, checkpoint, segment or meta row is another, or a row is missing or there twice. */
  record_damaged: 0.0008,
  /** An object comes back with its storage as it was some commits ago. */
  old_copy: 0.0012,
  /** What a stranger signs with the key of an account gives it other code, or none. */
  delegation_foreign: 0.3,
  /** Of an authorization of ours that fits the account without its transaction, per block: a stranger brings it. */
  replayed_authorization: 0.5,
  /** Of a batch that was given to carriers, at each block: a stranger brings it, whether it has run or not. */
  batch_brought: 0.15,
  /** An account loses most of its balance for a while: what open slots were promised is not there. */
  drained_signer: 0.02,
  /** Of a step of a batch in a block: it fails there, or wherever it is run. */
  revert_in_batch: 0.2,
  /** Of bytes that were replaced, at each block: they are mined in the place of what replaced them. */
  replaced_mined: 0.2,
  /** An endpoint enforces what nodes do: no gaps, one transaction of an account with code, replacements for over a tenth more. */
  node_rules: 0.4,
  /** Of an endpoint, from the beginning: it is slow, fails a fifth of what it is asked, or has a rate. */
  endpoint_mix: 0.4,
  /** A lease, or the answer to who asked for one, is lost. */
  lease_lost: 0.1,
  /** Of what a stranger signed and a reorg undid: nobody brings it again. */
  stranger_gives_up: 0.3,
} as const

/** Times the rate: of what a bias names, whatever the seed says. */
const OFTEN = 4

export type FaultClass = keyof typeof RATES
export const FAULT_CLASSES = Object.keys(RATES).filter(isFaultClass)

export function isFaultClass(text: string): text is FaultClass {
  return Object.hasOwn(RATES, text)
}

/** One fault of a history: the nth opportunity of its class at which it happened. */
export type FaultName = `${FaultClass}#${number}`

export function isFaultName(text: string): text is FaultName {
  const [name = '', nth = '', ...rest] = text.split('#')
  return isFaultClass(name) && /^\d+$/.test(nth) && rest.length === 0
}

export type FaultPlan = {
  readonly classes: ReadonlySet<FaultClass>
  /** Leaves these out: how a shrinker takes a history apart. */
  readonly without: ReadonlySet<FaultName>
  /** Only these of those that are drawn: how a shrunk history is had again. */
  readonly kept?: ReadonlySet<FaultName>
}

export class Faults {
  readonly #plan: FaultPlan
  readonly #chance: Chance
  readonly #opportunities = new Map<FaultClass, number>()
  /** A history has some of its classes often and others not at all: the rarest pairs meet in some of them. */
  readonly #intensity = new Map<FaultClass, number>()
  readonly happened: FaultName[] = []
  readonly counts = new Map<FaultClass, number>()
  isOver = false
  onFault: ((name: FaultName) => void) | null = null

  constructor(plan: FaultPlan, chance: Chance, { often }: Bias = UNBIASED) {
    this.#plan = plan
    this.#chance = chance
    const stream = chance.stream('intensity')
    for (const name of FAULT_CLASSES) this.#intensity.set(name, stream.pick([0, 0, 1, 1, 3]))
    for (const name of often) this.#intensity.set(name, OFTEN)
  }

  stream(name: FaultClass): Stream {
    return this.#chance.stream(`fault ${name}`)
  }

  /** Whether it happens here, now. */
  strikes(name: FaultClass): boolean {
    if (this.isOver || !this.#plan.classes.has(name)) return false
    const nth = (this.#opportunities.get(name) ?? 0) + 1
    this.#opportunities.set(name, nth)
    const isDrawn = this.stream(name).happens(RATES[name] * (this.#intensity.get(name) ?? 0))
    const full: FaultName = `${name}#${nth}`
    const isLeftOut = this.#plan.without.has(full) || this.#plan.kept?.has(full) === false
    if (!isDrawn || isLeftOut) return false
    this.happened.push(full)
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1)
    this.onFault?.(full)
    return true
  }
}
