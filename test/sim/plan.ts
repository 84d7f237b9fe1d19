// What the clients of a history will ask for: drawn from the seed before anything happens.

import type { Address } from '../../src/shared/chain/address.ts'
import { addMs, type UnixMs, unixMs } from '../../src/shared/lib/time.ts'
import { isPoolSender } from '../../src/shared/pool/sender.ts'
import type { Action, SingleAction, Speed, TransferRequest } from '../../src/shared/transfer/request.ts'
import { addressOf, hexOf, poolOf, requestOf } from '../support/domain-values.ts'
import { FEE_TOKEN, MOODY, MUTE_TOKEN, TOKEN } from './chain/ledger.ts'
import { type PricePlan, planPrices, planSpeed } from './chain/prices.ts'
import type { Chance, Stream } from './chance.ts'
import type { HistoryOptions } from './history.ts'
import { BEGINNING } from './scheduler.ts'

export type TransferPlan = {
  readonly index: number
  readonly key: string
  readonly request: TransferRequest
  /** Milliseconds after the beginning. */
  readonly postAt: number
  readonly postAgainAt: number | null
  /** The same key with another request. */
  readonly otherAt: number | null
  readonly cancelAt: number | null
  /** It is to go sooner: often more than once. */
  readonly speedUpAt: readonly number[]
  readonly followAt: number | null
  readonly readAt: readonly number[]
}

export type HistoryPlan = {
  readonly accounts: readonly Address[]
  readonly transfers: readonly TransferPlan[]
  /** Wei that each account has at first, and is given when the faults are over. */
  readonly funds: bigint
  readonly lateFunds: bigint
  /** Transactions that the accounts had before. */
  readonly past: number
  readonly hasTag: boolean
  readonly liar: number | null
  readonly window: number
  /** Logs get checkpoints and segments early. */
  readonly keepsHouse: boolean
  /** Waiting steps from which on an account delegates; null: there is no executor on the chain. */
  readonly delegateFrom: number | null
  /** Gas of a block, as nodes tell it: of the smallest a batch may take what a few steps need. */
  readonly blockGas: bigint
  /** Who bring batches for the others; and from how many waiting steps on. */
  readonly carriers: readonly Address[]
  readonly carryFrom: number
  /** Who sends private transfers; null: nobody. `isNamed`: in the settings, and of its own; else it sends public ones too. */
  readonly privateAccount: { readonly address: Address; readonly isNamed: boolean } | null
  readonly privateEndpoints: number
  readonly prices: PricePlan
}

/** Milliseconds in which clients do what they do. */
const BUSY_MS = 40_000
const LATE_MS = 110_000
/** Of histories with two accounts, those with a pool of them; of their transfers, those that name it. */
const POOL_RATE = 0.7
const POOLED_RATE = 0.7
/** Of all transfers, those of several actions at once. */
const BATCH_ACTION_RATE = 0.12
/** Of tokens that nobody counts. */
const OTHER_RECIPIENT = addressOf(0xbbfff)
/** Of histories, those in which many transfers come within a moment, so that they share transactions. */
const RUSH_RATE = 0.3
const RUSH_LEAST = 5
const RUSH_MOST = 9
const RUSH_MS = 1_500
/** With carriers: some come while the account's own batch is under way. */
const CARRIED_RUSH_MS = 16_000
/** Of their transfers, those that are canceled; from when, at most, and within how long. */
const RUSH_CANCEL_RATE = 0.5
const RUSH_CANCEL_FROM_MOST = 12_000
const RUSH_CANCEL_MS = 4_000
/** Of histories, those in which others bring batches: many transfers come, from one account, while its own are under way. */
const CARRIED_RATE = 0.2
/** The stream that says which: with this name the seeds that catch planted bugs of other things stay what they were. */
const CARRIERS = 'carriers 884'
/** Of all accounts. */
const POOL = poolOf('all')

type Wanted = Pick<HistoryOptions, 'transfers' | 'only' | 'bias'>

/** Of histories, those in which private transfers go, and of their transfers. */
const PRIVATE_RATE = 0.15
const HIDDEN_RATE = 0.5
/** Of these, those in which the endpoint that lies is a private one. */
const PRIVATE_LIAR_RATE = 0.4
export const PUBLIC_ENDPOINTS = 3

export function planHistory(chance: Chance, { transfers, only, bias }: Wanted): HistoryPlan {
  const stream = chance.stream('plan')
  const accounts = stream.happens(0.3) ? [addressOf(0xa1), addressOf(0xa2)] : [addressOf(0xa1)]
  const isPoor = stream.happens(0.2)
  const usual = stream.pick([1, 1, 2, 3, 4, 6])
  const rush = chance.stream('rush')
  const isBurst = rush.happens(RUSH_RATE)
  const carrying = chance.stream(CARRIERS)
  const isCarried = carrying.happens(CARRIED_RATE) || bias.scene === 'carried'
  const isRushed = isBurst || isCarried
  const cancelFrom = rush.between(RUSH_MS, RUSH_CANCEL_FROM_MOST)
  const count = transfers ?? (isRushed ? rush.between(RUSH_LEAST, RUSH_MOST) : usual)
  const indices = Array.from({ length: count }, (_, index) => index).filter(
    (index) => only?.has(index) ?? true,
  )
  const delegateFrom = chance.stream('delegation').pick(isRushed ? [1, 1, 2] : [null, null, 1, 2, 3])
  const privacy = planPrivacy(chance.stream('privacy'), accounts, bias)
  const carriers = isCarried ? [addressOf(0xc1), addressOf(0xc2)].slice(0, carrying.between(1, 2)) : []
  const rushMs = isCarried ? CARRIED_RUSH_MS : RUSH_MS
  const hasPool = accounts.length > 1 && chance.stream('pool').happens(POOL_RATE)
  const prices = planPrices(chance.stream('prices'))
  const { privateAccount } = privacy
  // What only code can run waits for ever at an account that has become private: that is told, and ends by no chance.
  const runsActions = delegateFrom !== null && (privateAccount?.isNamed ?? true)
  return {
    accounts: privateAccount?.isNamed === true ? [...accounts, privateAccount.address] : accounts,
    prices,
    ...privacy,
    transfers: indices
      .map((index) =>
        planTransfer(
          chance.stream(`transfer ${index}`),
          chance.stream(`batch ${index}`),
          index,
          accounts,
          runsActions,
        ),
      )
      .map((plan) => withSpeed(plan, planSpeed(chance.stream(`speed ${plan.index}`), prices)))
      .map((plan) => (hasPool ? pooled(chance.stream(`pool ${plan.index}`), plan) : plan))
      .map((plan) =>
        isRushed
          ? rushed(chance.stream(`rush ${plan.index}`), plan, addressOf(0xa1), rushMs, cancelFrom)
          : plan,
      )
      .map((plan) => hidden(chance.stream(`private ${plan.index}`), plan, privateAccount)),
    funds: isPoor ? BigInt(stream.between(1_200_000, 2_500_000)) : 1_000_000_000n,
    lateFunds: 1_000_000_000n,
    past: stream.pick([0, 2, 5]),
    hasTag: stream.happens(0.75),
    liar: liarOf(stream.happens(0.5) ? stream.below(PUBLIC_ENDPOINTS) : null, chance, privateAccount),
    window: stream.pick([1, 2, 4, 16]),
    keepsHouse: stream.happens(0.3),
    delegateFrom,
    carriers,
    carryFrom: carrying.pick([1, 1, 2]),
    blockGas: chance.stream('block gas').pick([30_000_000n, 30_000_000n, 1_400_000n]),
  }
}

/** An account of its own, or one that sends public transfers too: then what the settings say has changed. */
function planPrivacy(
  stream: Stream,
  accounts: readonly Address[],
  { scene }: HistoryOptions['bias'],
): Pick<HistoryPlan, 'privateAccount' | 'privateEndpoints'> {
  if (!stream.happens(PRIVATE_RATE) && scene !== 'private')
    return { privateAccount: null, privateEndpoints: 0 }
  const isNamed = stream.pick([true, true, false])
  const address = (isNamed ? undefined : accounts[0]) ?? addressOf(0xb1)
  return { privateAccount: { address, isNamed }, privateEndpoints: stream.between(1, 2) }
}

function liarOf(
  liar: number | null,
  chance: Chance,
  privateAccount: HistoryPlan['privateAccount'],
): number | null {
  if (liar === null || privateAccount === null) return liar
  return chance.stream('private liar').happens(PRIVATE_LIAR_RATE) ? PUBLIC_ENDPOINTS : liar
}

/** What names a pool still does: of its members a private one is chosen, where one is named. */
function hidden(stream: Stream, plan: TransferPlan, account: HistoryPlan['privateAccount']): TransferPlan {
  const { request } = plan
  if (account === null || request.action.type === 'batch' || !stream.happens(HIDDEN_RATE)) return plan
  const isPooled = isPoolSender(request.from)
  if (isPooled && !account.isNamed) return plan
  const from = isPooled ? request.from : account.address
  return { ...plan, request: { ...request, from, visibility: 'private' } }
}

function withSpeed(plan: TransferPlan, speed: Speed): TransferPlan {
  return { ...plan, request: { ...plan.request, speed } }
}

/** Some wait with their signer for a while: only then can one that was chosen late still do harm. */
function pooled(stream: Stream, plan: TransferPlan): TransferPlan {
  if (!stream.happens(POOLED_RATE)) return plan
  const { request } = plan
  const later = addMs(unixMs(BEGINNING), plan.postAt + stream.between(5_000, 60_000))
  const not_before = stream.happens(0.4) ? later : request.not_before
  return { ...plan, request: { ...request, from: POOL, not_before } }
}

/** All at once from one account, and many are wanted back, all about the same time, when they may long have been sent. */
function rushed(
  stream: Stream,
  plan: TransferPlan,
  from: Address,
  rushMs: number,
  cancelFrom: number,
): TransferPlan {
  const postAt = stream.below(rushMs)
  const cancelAt = stream.happens(RUSH_CANCEL_RATE) ? cancelFrom + stream.below(RUSH_CANCEL_MS) : null
  const request = { ...plan.request, from, not_before: null, deadline: null }
  return { ...plan, request, postAt, cancelAt, postAgainAt: null, otherAt: null, followAt: null, readAt: [] }
}

function planTransfer(
  stream: Stream,
  batching: Stream,
  index: number,
  accounts: readonly Address[],
  hasExecutor: boolean,
): TransferPlan {
  // Some come when the others have long ended, and nobody watches the chain any more.
  const postAt = stream.below(stream.pick([2_000, 2_000, 2_000, BUSY_MS, BUSY_MS, LATE_MS]))
  const from = accounts[stream.below(accounts.length)] ?? addressOf(0xa1)
  const maybe = (rate: number, least: number, most: number) => {
    const delay = stream.between(least, most)
    return stream.happens(rate) ? postAt + delay : null
  }
  const at = (offset: number | null): UnixMs | null => {
    return offset === null ? null : addMs(unixMs(BEGINNING), offset)
  }
  const batch = batching.happens(0.15) ? 'never' : 'auto'
  const own = planAction(stream, index)
  const action = hasExecutor && batching.happens(BATCH_ACTION_RATE) ? planBatchAction(batching, index) : own
  const not_before = at(maybe(0.1, 5_000, 60_000))
  const deadline = at(maybe(0.25, 1_000, 90_000))
  const request = requestOf({
    from,
    action,
    not_before,
    deadline,
    max_fee_per_gas: stream.happens(0.2) ? BigInt(stream.between(12, 40)) : null,
    confirmations: stream.happens(0.3) ? stream.between(1, 4) : null,
    batch,
    on_failure: batching.happens(0.5) ? 'retry' : 'fail',
  })
  return {
    index,
    key: `key-${index}`,
    request,
    postAt,
    postAgainAt: maybe(0.3, 10, 60_000),
    otherAt: maybe(0.2, 10, 60_000),
    // Often at once: while it is on its way to the signer.
    cancelAt: stream.happens(0.5) ? maybe(0.4, 1, 300) : maybe(0.4, 1, 20_000),
    speedUpAt: batching.happens(0.3)
      ? [postAt + batching.between(1, 5_000), postAt + batching.between(1, 30_000)]
      : [],
    followAt: maybe(0.4, 0, 20_000),
    readAt: [maybe(0.5, 100, 30_000) ?? [], maybe(0.3, 100, 60_000) ?? []].flat(),
  }
}

/** Every transfer has a recipient of its own, so what arrives there is its effect and nothing else. */
export function recipientOf(index: number): Address {
  return addressOf(0xbb000 + index)
}

/** The recipient has all of it in the end, or nothing. */
function planBatchAction(stream: Stream, index: number): Action {
  const to = recipientOf(index)
  const pay = (): SingleAction => ({ type: 'native', to, amount: BigInt(stream.between(1_000, 400_000)) })
  const other = stream.pick<SingleAction>([
    pay(),
    { type: 'erc20', token: TOKEN, to: OTHER_RECIPIENT, amount: 7n },
    { type: 'erc20', token: MUTE_TOKEN, to: OTHER_RECIPIENT, amount: 7n },
    { type: 'call', to: MOODY, data: hexOf('0x1234'), value: 0n },
  ])
  return { type: 'batch', actions: [pay(), other, pay()] }
}

function planAction(stream: Stream, index: number): Action {
  const to = recipientOf(index)
  const amount = BigInt(stream.between(1_000, 900_000))
  const kind = stream.below(20)
  if (kind < 12) return { type: 'native', to, amount }
  if (kind < 15) return { type: 'erc20', token: TOKEN, to, amount }
  if (kind === 15) return { type: 'erc20', token: FEE_TOKEN, to, amount }
  if (kind === 16) return { type: 'erc20', token: MUTE_TOKEN, to, amount }
  return { type: 'call', to: MOODY, data: hexOf('0x1234'), value: 0n }
}
