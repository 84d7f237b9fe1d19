// What one call comes to, behind whatever fault the transport has: the node's answer, as a node with these rules and this
// far behind would give it. Writes down all bytes that are handed in, before anything else happens to them.

import { type FaultRule, isFor } from './faults.ts'
import { type NodeRule, ruleOn } from './node-rules.ts'
import { isSend, type RpcAnswer, type RpcCall, type RpcOutcome, type Upstream } from './rpc.ts'
import { bytesOf, type SentBytes } from './sent-bytes.ts'
import { StaleView } from './stale-view.ts'

export class Endpoint {
  readonly #upstream: Upstream
  readonly #count: (what: string) => void
  readonly #sent = new Map<string, SentBytes>()
  #rules: ReadonlySet<NodeRule> = new Set()
  #blocksBehind = 0

  constructor(upstream: Upstream, count: (what: string) => void) {
    this.#upstream = upstream
    this.#count = count
  }

  get sent(): readonly SentBytes[] {
    return [...this.#sent.values()]
  }

  get blocksBehind(): number {
    return this.#blocksBehind
  }

  enforce(rules: readonly NodeRule[]): void {
    this.#rules = new Set(rules)
  }

  fallBehind(blocks: number): void {
    this.#blocksBehind = blocks
  }

  record(calls: readonly RpcCall[]): void {
    for (const call of calls.filter(isSend)) {
      const bytes = bytesOf(call)
      if (bytes !== null) this.#sent.set(bytes.hash, bytes)
    }
  }

  /** In order where bytes are among them; `struck` is the rule that the transport left to the single call. */
  async answer(calls: readonly RpcCall[], struck: FaultRule | null): Promise<readonly RpcAnswer[]> {
    const view = this.#blocksBehind > 0 ? await StaleView.of(this.#upstream, this.#blocksBehind) : null
    if (view !== null) this.#count('stale_head')
    const one = async (call: RpcCall): Promise<RpcAnswer> => {
      const fault = struck !== null && isFor(struck, call) ? struck.fault : null
      return { jsonrpc: '2.0', id: call.id, ...(await this.#outcome(call, fault, view)) }
    }
    if (!calls.some(isSend)) return Promise.all(calls.map(one))
    const answers: RpcAnswer[] = []
    for (const call of calls) answers.push(await one(call))
    return answers
  }

  async #outcome(
    call: RpcCall,
    fault: FaultRule['fault'] | null,
    view: StaleView | null,
  ): Promise<RpcOutcome> {
    if (fault?.do === 'refuse') {
      if (fault.bytes === 'taken') await this.#honest(call, view)
      return { error: fault.error }
    }
    const bytes = isSend(call) ? bytesOf(call) : null
    if (bytes !== null && fault?.do === 'drop') return { result: bytes.hash }
    const outcome = await this.#honest(call, view)
    if (bytes !== null && fault?.do === 'wrong_hash') return { result: otherHash(bytes.hash) }
    return outcome
  }

  async #honest(call: RpcCall, view: StaleView | null): Promise<RpcOutcome> {
    const bytes = isSend(call) ? bytesOf(call) : null
    if (bytes === null) return view === null ? this.#pass(call) : view.answer(call)
    if (view !== null && (await view.holds(bytes.hash))) {
      return { error: { code: -32_000, message: 'already known' } }
    }
    const verdict = this.#rules.size === 0 ? null : await ruleOn(bytes, this.#rules, this.#upstream)
    if (verdict === null) return this.#pass(call)
    this.#count(`rule_${verdict.rule}`)
    return verdict.verdict === 'drop' ? { result: bytes.hash } : { error: verdict.error }
  }

  #pass({ method, params }: RpcCall): Promise<RpcOutcome> {
    return this.#upstream.call(method, params)
  }
}

/** Another one that looks as good. */
function otherHash(hash: string): string {
  return `0x${[...hash.slice(2)].toReversed().join('')}`
}
