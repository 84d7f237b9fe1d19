// A client that pays: transfers to an address of their own each, native and ERC-20, some of them canceled. It keeps
// posting through every outage, each request with its key, and remembers what it was promised.

import { vi } from 'vitest'
import type { TransferRequestBody } from '../../src/shared/schema/transfer-request.ts'
import { type Answer, type Client, freshAddress } from './client.ts'
import type { Stack } from './stack.ts'

/** Milliseconds between two tries, and until it gives up: an outage takes a few seconds. */
const AGAIN_MS = 100
const ANSWER_MS = 60_000
const NEVER = '2999-01-01T00:00:00Z'

/** `racing`: right after it was accepted. `waiting`: of one that could not have gone out yet. */
type Cancel = 'none' | 'racing' | 'waiting'
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
  readonly #posting: Promise<Payment>[] = []

  constructor(stack: Stack, client: Client, name: string) {
    this.#stack = stack
    this.#client = client
    this.#name = name
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
    const cancel = CANCELS[index % CANCELS.length] ?? 'none'
    const request = this.#request(index, cancel)
    const key = `${this.#name}-${index}`
    const { id } = await patiently(() => this.#client.post(key, request))
    if (cancel === 'none') return { id, request, cancelAnswer: null }
    const { status } = await patiently(() => this.#cancel(id, `${key}-cancel`))
    return { id, request, cancelAnswer: status }
  }

  #request(index: number, cancel: Cancel): TransferRequestBody {
    const { chain, signers, token } = this.#stack
    const from = signers[index % signers.length] ?? ''
    const to = freshAddress(`${this.#name} ${index}`)
    const amount = String(1_000 + index)
    const action =
      index % 2 === 0
        ? { type: 'native' as const, to, amount }
        : { type: 'erc20' as const, token, to, amount }
    return { chain, from, action, not_before: cancel === 'waiting' ? NEVER : null }
  }

  async #cancel(id: string, key: string): Promise<Answer> {
    const answer = await this.#client.cancel(id, key)
    if (answer.status >= 500) throw new Error(`cancel: ${answer.status}`)
    return answer
  }
}

function patiently<T>(ask: () => Promise<T>): Promise<T> {
  return vi.waitFor(ask, { timeout: ANSWER_MS, interval: AGAIN_MS })
}
