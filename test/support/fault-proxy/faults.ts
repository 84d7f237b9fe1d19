// The faults that an endpoint can be given, and when one strikes. Chance comes from the random numbers of the caller, so
// that a run with the same seed has the same dice.

import type { RpcCall, RpcError } from './rpc.ts'

/** Whether what was asked reached the node all the same: of an answer that is lost nobody can tell. */
export type Bytes = 'lost' | 'taken'

export type Fault =
  | { readonly do: 'delay'; readonly ms: number }
  | { readonly do: 'hang'; readonly bytes: Bytes }
  | { readonly do: 'reset'; readonly bytes: Bytes }
  | {
      readonly do: 'http'
      readonly status: number
      readonly bytes: Bytes
      readonly retryAfter?: string
      readonly body?: string
    }
  | { readonly do: 'refuse'; readonly as: string; readonly error: RpcError; readonly bytes: Bytes }
  | { readonly do: 'break'; readonly how: Breakage }
  /** Of sends: answered as if it were taken, and thrown away. */
  | { readonly do: 'drop' }
  /** Of sends: taken, and another hash is answered. */
  | { readonly do: 'wrong_hash' }

export type Breakage =
  | 'truncated'
  | 'html'
  | 'wrong_ids'
  | 'doubled_item'
  | 'missing_item'
  | 'reordered'
  | 'empty'

export type FaultRule = {
  readonly fault: Fault
  /** Default: all. A request with several calls is struck when one of them is among these. */
  readonly methods?: readonly string[]
  /** From 0 to 1; default 1. */
  readonly chance?: number
  /** How often it may strike; default: as long as it is there. */
  readonly times?: number
}

export class FaultRules {
  readonly #random: () => number
  #rules: readonly { readonly rule: FaultRule; left: number }[] = []

  constructor(random: () => number) {
    this.#random = random
  }

  set(rules: readonly FaultRule[]): void {
    this.#rules = rules.map((rule) => ({ rule, left: rule.times ?? Number.POSITIVE_INFINITY }))
  }

  /** The first rule that is for these calls and whose dice fall; null: they go through. */
  strike(calls: readonly RpcCall[]): FaultRule | null {
    for (const entry of this.#rules) {
      const { rule } = entry
      if (entry.left <= 0 || !calls.some((call) => isFor(rule, call))) continue
      if (this.#random() >= (rule.chance ?? 1)) continue
      entry.left -= 1
      return rule
    }
    return null
  }
}

export function isFor({ methods }: FaultRule, { method }: RpcCall): boolean {
  return methods === undefined || methods.includes(method)
}

/** The name under which it is counted. */
export function classOf(fault: Fault): string {
  switch (fault.do) {
    case 'hang':
    case 'reset':
      return `${fault.do}_${fault.bytes}`
    case 'http':
      return `http_${fault.status}_${fault.bytes}`
    case 'refuse':
      return `refuse_${fault.as}_${fault.bytes}`
    case 'break':
      return fault.how
    default:
      return fault.do
  }
}
