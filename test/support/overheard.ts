// What public endpoints may not hear of a private account: its bytes, and what is asked of its steps before they are signed. How
// many transactions it has they may be asked.

import { type Hex, recoverTransactionAddress } from 'viem'
import { z } from 'zod'
import type { FaultProxy } from './fault-proxy/fault-proxy.ts'

const call = z.looseObject({ method: z.string(), params: z.unknown() })
const body = z.union([z.array(call), call])

/** Both name the account whose they are. */
const TRIALS: ReadonlySet<string> = new Set(['eth_estimateGas', 'eth_call'])

export class Overheard {
  readonly #proxies: readonly FaultProxy[]
  readonly #accounts: readonly string[]
  #trials = 0

  /** `proxies`: of public endpoints. `accounts`: private ones, lower case. */
  constructor(proxies: readonly FaultProxy[], accounts: readonly string[]) {
    this.#proxies = proxies
    this.#accounts = accounts
    for (const proxy of proxies) proxy.overhear((request) => this.#hear(request))
  }

  /** Trial runs that named one of the accounts, and hashes of bytes that one of them signed. */
  async secrets(): Promise<{ readonly trials: number; readonly bytes: readonly string[] }> {
    const sent = new Map(
      this.#proxies.flatMap((proxy) => proxy.sent.map(({ hash, raw }) => [hash, raw] as const)),
    )
    const bytes: string[] = []
    for (const [hash, raw] of sent) {
      const sender = await senderOf(raw)
      if (sender !== null && this.#accounts.includes(sender)) bytes.push(hash)
    }
    return { trials: this.#trials, bytes }
  }

  #hear(request: string): void {
    const asked = body.parse(JSON.parse(request))
    for (const { method, params } of Array.isArray(asked) ? asked : [asked]) {
      const text = TRIALS.has(method) ? JSON.stringify(params).toLowerCase() : ''
      if (this.#accounts.some((account) => text.includes(account.slice('0x'.length)))) this.#trials += 1
    }
  }
}

/** Null: of another type than a private account's, which delegates nothing on a chain with base fees. */
async function senderOf(raw: Hex): Promise<string | null> {
  if (!hasFees(raw)) return null
  return (await recoverTransactionAddress({ serializedTransaction: raw })).toLowerCase()
}

function hasFees(raw: Hex): raw is `0x02${string}` {
  return raw.startsWith('0x02')
}
