// A client that pays: transfers to an address of their own each, native and ERC-20, some of them canceled, some private where
// the stack has a private signer. It keeps
// posting through every outage, each request with its key, and remembers what it was promised; `brokenPromises` says
// whether the chain kept it.

import { vi } from 'vitest'
import type { TransferDocument } from '../../src/shared/schema/transfer-document.ts'
import type { TransferRequestBody } from '../../src/shared/schema/transfer-request.ts'
import { isFinal } from '../../src/shared/transfer/status.ts'
import type { Chain } from './chain.ts'
import { type Answer, type Client, freshAddress } from './client.ts'
import type { Stack } from './stack.ts'

/** Milliseconds between two tries, and until it gives up: an outage takes a few seconds. */
const AGAIN_MS = 100
const ANSWER_MS = 60_000
/** Looks at once. */
const CHUNK = 50
const NEVER = '2999-01-01T00:00:00Z'

/**
 * `racing`: right after it was accepted. `waiting`: of one that could not have gone out yet. `in_slot`: as soon as its
 * bytes are signed.
 */
export type Cancel = 'none' | 'racing' | 'waiting' | 'in_slot'
/** Requests that one client has under way at once, cancels apart. */
const POSTS_AT_ONCE = 20
/** One of so many is private. */
const PRIVATE_EACH = 5
const CANCELS: readonly Cancel[] = ['none', 'none', 'none', 'racing', 'none', 'none', 'waiting']

export type Payment = {
  readonly id: string
  readonly request: TransferRequestBody
  /** Null: it was not asked for. */
  readonly cancelAnswer: number | null
}

export class Payer {
  readonly #client: Client
  readonly #stack: Stack
  readonly #name: string
  readonly #cancels: readonly Cancel[]
  readonly #posting: Promise<Payment>[] = []
  /** The last post of each lane. */
  readonly #lanes: Promise<unknown>[] = []

  readonly #patienceMs: number

  /** `cancels`: in turn. `patienceMs`: until it gives an answer up. */
  constructor(
    stack: Stack,
    client: Client,
    name: string,
    cancels: readonly Cancel[] = CANCELS,
    patienceMs = ANSWER_MS,
  ) {
    this.#stack = stack
    this.#client = client
    this.#name = name
    this.#cancels = cancels
    this.#patienceMs = patienceMs
  }

  /** Begins that many more; they come through when they can. */
  begin(count: number): void {
    for (let one = 0; one < count; one++) {
      const posting = this.#pay(this.#posting.length)
      // Looked at in `all`; until then nobody else handles it.
      posting.catch(() => {})
      this.#posting.push(posting)
    }
  }

  /** Answers when each was accepted, and each cancel answered. */
  all(): Promise<readonly Payment[]> {
    return Promise.all(this.#posting)
  }

  async #pay(index: number): Promise<Payment> {
    const cancel = this.#cancels[index % this.#cancels.length] ?? 'none'
    const request = this.#request(index, cancel)
    const key = `${this.#name}-${index}`
    const { id } = await this.#inLane(index, () => this.#client.post(key, request))
    if (cancel === 'none') return { id, request, cancelAnswer: null }
    if (cancel === 'in_slot') await this.#patiently(() => this.#untilSigned(id))
    const { status } = await this.#patiently(() => this.#cancel(id, `${key}-cancel`))
    return { id, request, cancelAnswer: status }
  }

  #inLane<T>(index: number, ask: () => Promise<T>): Promise<T> {
    const lane = index % POSTS_AT_ONCE
    const asked = (this.#lanes[lane] ?? Promise.resolve()).then(() => this.#patiently(ask))
    this.#lanes[lane] = asked.catch(() => {})
    return asked
  }

  #patiently<T>(ask: () => Promise<T>): Promise<T> {
    return vi.waitFor(ask, { timeout: this.#patienceMs, interval: AGAIN_MS })
  }

  async #untilSigned(id: string): Promise<void> {
    await this.#client.follow(id, ({ record, status }) => record.kind === 'signed' || isFinal(status))
  }

  #request(index: number, cancel: Cancel): TransferRequestBody {
    const { chain, signers, privateSigners, token } = this.#stack
    const hidden = index % PRIVATE_EACH === 0 ? privateSigners[0] : undefined
    const from = hidden ?? signers[index % signers.length] ?? ''
    const visibility = hidden === undefined ? ('public' as const) : ('private' as const)
    const to = freshAddress(`${this.#name} ${index}`)
    const amount = String(1_000 + index)
    const action =
      index % 2 === 0
        ? { type: 'native' as const, to, amount }
        : { type: 'erc20' as const, token, to, amount }
    return { chain, from, action, visibility, not_before: cancel === 'waiting' ? NEVER : null }
  }

  async #cancel(id: string, key: string): Promise<Answer> {
    const answer = await this.#client.cancel(id, key)
    if (answer.status >= 500) throw new Error(`cancel: ${answer.status}`)
    return answer
  }
}

/** Of those that did not end as they must: paid once, or canceled and not paid, and as the cancel was answered. */
export async function brokenPromises(
  chain: Chain,
  payments: readonly Payment[],
  documents: readonly TransferDocument[],
): Promise<readonly unknown[]> {
  const byId = new Map<string, TransferDocument>(documents.map((document) => [document.id, document]))
  const outcomes = await inChunks(payments, async ({ id, request, cancelAnswer }) => {
    const { action } = request
    const isPaid = byId.get(id)?.status === 'finalized'
    const due = isPaid && 'amount' in action ? BigInt(action.amount) : 0n
    return {
      id,
      isEnded: isPaid || byId.get(id)?.status === 'canceled',
      // Without a wish to cancel there is one end; an answer that promised it is kept.
      isAsPromised: cancelAnswer === null ? isPaid : cancelAnswer !== 200 || !isPaid,
      isPaidOnce: (await chain.received(action)) === due,
    }
  })
  return outcomes.filter(({ isEnded, isAsPromised, isPaidOnce }) => !(isEnded && isAsPromised && isPaidOnce))
}

/** So that a machine's sockets and its one node are not asked for thousands of things at once. */
export async function inChunks<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = []
  for (let start = 0; start < items.length; start += CHUNK) {
    results.push(...(await Promise.all(items.slice(start, start + CHUNK).map(work))))
  }
  return results
}
