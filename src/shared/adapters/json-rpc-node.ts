// One EVM endpoint over JSON-RPC. It asks once, checks what comes back and tells it in the words of the port.
// It remembers only what the endpoint cannot do (batches, receipts by block), so that it is not asked in vain.

import type { z } from 'zod'
import { classifyRpcError } from '../broadcast/classify.ts'
import type { BroadcastClass, BroadcastOutcome } from '../broadcast/outcome.ts'
import type { Address } from '../chain/address.ts'
import type { Block, BlockRef } from '../chain/block.ts'
import type { BlockHash, TxHash } from '../chain/hash.ts'
import type { Receipt } from '../chain/receipt.ts'
import type { ToldFees } from '../fees/fee-market.ts'
import { assertNever } from '../lib/assert.ts'
import type { Hex } from '../lib/hex.ts'
import { err, ok, type Result } from '../lib/result.ts'
import type { ChainNode, NodeFailure, NodeResult } from '../ports/chain-node.ts'
import type { Capabilities } from '../routing/endpoint-traits.ts'
import type { SignerAccount, SignerQuery } from '../signer/account/account.ts'
import { BATCH_DONE_TOPIC } from '../signer/evidence/evidence.ts'
import { withAuthorities } from './block-authorizations.ts'
import { feeRequests, readFees } from './fee-history.ts'
import { type Fetch, JsonRpcClient, type RpcClient, type RpcFailure, type RpcRequest } from './json-rpc.ts'
import * as schema from './json-rpc-schema.ts'
import { readSignerAccount, signerAccountRequests } from './signer-account.ts'

/** `url` carries a token: it is used, never told. */
export type Endpoint = {
  readonly name: string
  readonly operator: string
  readonly url: string
  /** Default: all; what it has not is then found out. */
  readonly capabilities?: Pick<Capabilities, 'batches' | 'block_receipts'>
}

/** What stands between the node and its endpoint. */
export type Behind = (client: RpcClient) => RpcClient

/** Requests in one batch. Geth takes 1,000, hosted endpoints often 100; a larger one is sent in parts. */
const MOST_BATCH_ITEMS = 100
/** Requests at once to an endpoint without batches: a Worker may have six connections that wait for headers. */
const SINGLES_AT_ONCE = 5

type Items = readonly Result<unknown, RpcFailure>[]

export class JsonRpcNode implements ChainNode {
  readonly name: string
  readonly operator: string
  readonly #client: RpcClient
  #takesBatches: boolean
  #hasBlockReceipts: boolean

  constructor(endpoint: Endpoint, fetch?: Fetch, timeoutMs?: number, behind: Behind = (client) => client) {
    this.name = endpoint.name
    this.operator = endpoint.operator
    this.#takesBatches = endpoint.capabilities?.batches ?? true
    this.#hasBlockReceipts = endpoint.capabilities?.block_receipts ?? true
    this.#client = behind(new JsonRpcClient(endpoint.url, fetch, timeoutMs))
  }

  async heads(): Promise<NodeResult<{ readonly head: Block; readonly finalized: BlockRef | null }>> {
    const items = await this.#ask([
      { method: 'eth_getBlockByNumber', params: ['latest', true] },
      { method: 'eth_getBlockByNumber', params: ['finalized', false] },
    ])
    if (!items.ok) return items
    const [latest, tagged] = items.value
    if (latest === undefined) return malformed('latest block: no answer')
    if (!latest.ok) return latest
    const signed = schema.checked('latest block', schema.block, latest.value)
    if (!signed.ok) return signed
    const head = await withAuthorities(signed.value)
    // A node without the tag says so in many ways (-39001, `unknown block`, `invalid tag`), or answers null.
    if (!tagged?.ok || tagged.value === null) return ok({ head, finalized: null })
    const finalized = schema.checked('finalized block', schema.blockRef, tagged.value)
    return finalized.ok ? ok({ head, finalized: finalized.value }) : finalized
  }

  async blockByHash(hash: BlockHash): Promise<NodeResult<Block | null>> {
    const block = await this.#findBlock(schema.block, { method: 'eth_getBlockByHash', params: [hash, true] })
    if (!block.ok) return block
    if (block.value === null) return ok(null)
    if (block.value.hash !== hash) return malformed('block: another hash than asked for')
    return ok(await withAuthorities(block.value))
  }

  async blockByNumber(at: number | 'finalized'): Promise<NodeResult<BlockRef | null>> {
    const isTag = at === 'finalized'
    const block = await this.#findBlock(schema.blockRef, {
      method: 'eth_getBlockByNumber',
      params: [isTag ? at : `0x${at.toString(16)}`, false],
    })
    // A node without the tag says so in many ways.
    if (isTag && !block.ok && block.error.reason === 'rpc') return ok(null)
    if (!block.ok || block.value === null || isTag || block.value.number === at) return block
    return malformed('block: another number than asked for')
  }

  async receipts(block: BlockRef, hashes: readonly TxHash[]): Promise<NodeResult<readonly Receipt[]>> {
    if (hashes.length === 0) return ok([])
    const raw = await this.#rawReceipts(block, hashes)
    if (!raw.ok) return raw
    const receipts: Receipt[] = []
    for (const hash of hashes) {
      const found = raw.value.get(hash)
      if (found === undefined) return malformed('receipts: one is missing')
      const receipt = schema.checked('receipt', schema.receipt, found)
      if (!receipt.ok) return receipt
      const { block_hash, block_number } = receipt.value
      if (block_hash !== block.hash || block_number !== block.number) {
        return malformed('receipts: one is of another block')
      }
      receipts.push(receipt.value)
    }
    return ok(receipts)
  }

  /** By block hash, which a reorg cannot mix up (EIP-234). */
  async batchLogs(
    block: BlockRef,
    accounts: readonly Address[],
  ): Promise<NodeResult<readonly { readonly account: Address; readonly hash: TxHash }[]>> {
    const filter = { blockHash: block.hash, address: [...accounts], topics: [BATCH_DONE_TOPIC] }
    const answer = await this.#client.call({ method: 'eth_getLogs', params: [filter] })
    if (!answer.ok) return answer
    const logs = schema.checked('logs', schema.foundLog.array(), answer.value)
    if (!logs.ok || logs.value.every(({ block_hash }) => block_hash === block.hash)) return logs
    return malformed('logs: one is of another block')
  }

  async nonceAfter(account: Address, block: BlockHash): Promise<NodeResult<number>> {
    const params = [account, { blockHash: block }]
    const answer = await this.#client.call({ method: 'eth_getTransactionCount', params })
    return answer.ok ? schema.checked('nonce', schema.smallQuantity, answer.value) : answer
  }

  async signerAccount(query: SignerQuery): Promise<NodeResult<SignerAccount>> {
    const items = await this.#ask(signerAccountRequests(query))
    return items.ok ? readSignerAccount(query, items.value) : items
  }

  async fees(blocks: number): Promise<NodeResult<ToldFees>> {
    const items = await this.#ask(feeRequests(blocks))
    return items.ok ? readFees(items.value) : items
  }

  async chainReference(): Promise<NodeResult<number>> {
    const answer = await this.#client.call({ method: 'eth_chainId', params: [] })
    return answer.ok ? schema.checked('chain id', schema.smallQuantity, answer.value) : answer
  }

  async broadcast(raw: Hex, hash: TxHash): Promise<BroadcastOutcome> {
    const answer = await this.#client.call({ method: 'eth_sendRawTransaction', params: [raw] })
    if (!answer.ok) return this.#refusal(answer.error, hash)
    const told = schema.txHash.safeParse(answer.value)
    if (told.success && told.data === hash) return this.#outcome('accepted', null)
    return this.#outcome('unclear', 'the node answered another hash')
  }

  #refusal(failure: NodeFailure, hash: TxHash): BroadcastOutcome {
    if (failure.reason === 'held_back') return this.#outcome('congested', failureWords(failure))
    if (failure.reason !== 'rpc') {
      // Even a connection that was refused may have been the second one: bytes may have left.
      return this.#outcome('unclear', failureWords(failure))
    }
    const verdict = classifyRpcError(failure)
    if (verdict === 'known' && namesAnother(failure.message, hash)) {
      return this.#outcome('unclear', 'the node knows another hash')
    }
    return this.#outcome(verdict, failureWords(failure))
  }

  #outcome(verdict: BroadcastClass, detail: string | null): BroadcastOutcome {
    return { class: verdict, endpoint: this.name, detail }
  }

  async #findBlock<T>(blockSchema: z.ZodType<T>, request: RpcRequest): Promise<NodeResult<T | null>> {
    const answer = await this.#client.call(request)
    if (!answer.ok) return saysUnknownBlock(answer.error) ? ok(null) : answer
    return answer.value === null ? ok(null) : schema.checked('block', blockSchema, answer.value)
  }

  /** By block hash, which a reorg cannot mix up; one by one where the node does not have the method. */
  async #rawReceipts(
    block: BlockRef,
    hashes: readonly TxHash[],
  ): Promise<NodeResult<ReadonlyMap<TxHash, unknown>>> {
    if (this.#hasBlockReceipts) {
      const answer = await this.#client.call({ method: 'eth_getBlockReceipts', params: [block.hash] })
      if (answer.ok) return byTransaction(answer.value ?? [], new Set(hashes))
      if (answer.error.reason !== 'rpc') return answer
      if (saysNoMethod(answer.error)) this.#hasBlockReceipts = false
    }
    const items = await this.#ask(
      hashes.map((hash) => ({ method: 'eth_getTransactionReceipt', params: [hash] })),
    )
    if (!items.ok) return items
    const receipts: unknown[] = []
    for (const item of items.value) {
      if (!item.ok) return item
      if (item.value !== null) receipts.push(item.value)
    }
    return byTransaction(receipts, new Set(hashes))
  }

  async #ask(requests: readonly RpcRequest[]): Promise<NodeResult<Items>> {
    if (!this.#takesBatches) return this.#askSingly(requests)
    const items: Items[number][] = []
    for (let from = 0; from < requests.length; from += MOST_BATCH_ITEMS) {
      const part = await this.#client.batch(requests.slice(from, from + MOST_BATCH_ITEMS))
      if (part.ok) {
        items.push(...part.value)
        continue
      }
      if (part.error.reason !== 'rpc') return part
      const singly = await this.#askSingly(requests)
      // Only when it answers the same alone was the batch the reason, and not a limit that passes.
      if (singly.ok && singly.value.some((item) => item.ok)) this.#takesBatches = false
      return singly
    }
    return ok(items)
  }

  async #askSingly(requests: readonly RpcRequest[]): Promise<NodeResult<Items>> {
    const items: Items[number][] = []
    for (let from = 0; from < requests.length; from += SINGLES_AT_ONCE) {
      const group = requests.slice(from, from + SINGLES_AT_ONCE)
      for (const answer of await Promise.all(group.map((request) => this.#client.call(request)))) {
        if (answer.ok) items.push(answer)
        else if (answer.error.reason === 'rpc') items.push(err(answer.error))
        else return err(answer.error)
      }
    }
    return ok(items)
  }
}

/** The receipts of `wanted`; the others of the block are not looked at. */
function byTransaction(
  answer: unknown,
  wanted: ReadonlySet<TxHash>,
): NodeResult<ReadonlyMap<TxHash, unknown>> {
  const receipts = schema.checked('receipts', schema.receiptHash.array(), answer)
  if (!receipts.ok) return receipts
  const found = receipts.value.filter((receipt) => wanted.has(receipt.transactionHash))
  return ok(new Map(found.map((receipt) => [receipt.transactionHash, receipt])))
}

/** `Unknown block` of execution-apis. */
const UNKNOWN_BLOCK_CODE = -39001

function saysUnknownBlock(failure: NodeFailure): boolean {
  if (failure.reason !== 'rpc') return false
  return (
    failure.code === UNKNOWN_BLOCK_CODE ||
    /\b(?:unknown block|(?:block|header) (?:with \S+ )?(?:was )?not found)\b/i.test(failure.message)
  )
}

/** `Method not found` of JSON-RPC, `Method not supported` of EIP-1474. */
const NO_METHOD_CODES: readonly number[] = [-32601, -32004]

function saysNoMethod(failure: RpcFailure): boolean {
  return (
    NO_METHOD_CODES.includes(failure.code) ||
    /\b(?:not supported|unsupported|not available|does not exist|not whitelisted|not enabled)\b/i.test(
      failure.message,
    )
  )
}

/** Whether the text is about one or more hashes and none of them is ours. */
function namesAnother(text: string, hash: TxHash): boolean {
  const named: readonly string[] = text.toLowerCase().match(/0x[0-9a-f]{64}\b/g) ?? []
  return named.length > 0 && !named.includes(hash)
}

function failureWords(failure: NodeFailure): string {
  switch (failure.reason) {
    case 'timeout':
      return 'no answer in time'
    case 'unreachable':
      return `unreachable: ${failure.detail}`
    case 'rate_limited':
      return 'HTTP 429'
    case 'http':
      return `HTTP ${failure.status}`
    case 'held_back':
      return `held back: ${failure.why}`
    case 'malformed':
      return `malformed answer: ${failure.detail}`
    case 'rpc':
      return failure.message === '' ? `error ${failure.code}` : failure.message
    default:
      return assertNever(failure)
  }
}

function malformed(detail: string): Result<never, NodeFailure> {
  return err({ reason: 'malformed', detail })
}
