// Many small chains that do what the protocol says and nothing by themselves: a block is mined when somebody asks for the
// head in full, so a test alone decides how far they are. Each has an URL of its own and starts empty, so each test has a
// chain, and with it objects, that nobody used before. Runs in Node, beside the runtime.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import {
  keccak256,
  parseTransaction,
  recoverTransactionAddress,
  type TransactionSerializedEIP1559,
} from 'viem'

const RICH = 10n ** 24n
const GAS_PRICE = 1_000_000_000n
const TRANSFER_GAS = 21_000n
/** Blocks under the head. */
const FINALITY_DEPTH = 2
const GENESIS_SECONDS = 1_700_000_000
const ZERO_HASH = `0x${'00'.repeat(32)}`

type Hex = `0x${string}`
type Call = { readonly id: number; readonly method: string; readonly params: readonly unknown[] }
type Transaction = {
  readonly hash: Hex
  readonly from: string
  readonly nonce: number
  readonly to: string
  readonly value: bigint
}
type Block = { readonly number: number; readonly hash: Hex; readonly transactions: readonly Transaction[] }

/** What a test asks at the same URL by GET. */
export type ChainAccount = {
  /** Hashes of all bytes that came, in order, again and again. */
  readonly sent: readonly string[]
  readonly mined: readonly { readonly hash: string; readonly to: string; readonly value: string }[]
}

/** The URL of all chains; `/N` is the chain with the id N. Ends with the process that asked for it. */
export function startScriptedChains(): Promise<string> {
  const chains = new Map<string, ScriptedChain>()
  const server = createServer((request, response) => {
    const reference = request.url?.slice(1) ?? ''
    const chain = chains.get(reference) ?? new ScriptedChain(Number(reference))
    chains.set(reference, chain)
    // Who crashes while asking is not there to be answered.
    serve(chain, request, response).catch(() => response.destroy())
  })
  server.unref()
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      resolve(`http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`)
    })
  })
}

async function serve(
  chain: ScriptedChain,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  response.setHeader('content-type', 'application/json')
  if (request.method === 'GET') return void response.end(JSON.stringify(chain.account()))
  const chunks: Uint8Array[] = []
  for await (const chunk of request) chunks.push(chunk)
  const body: Call | Call[] = JSON.parse(Buffer.concat(chunks).toString('utf8'))
  const answers = []
  for (const call of Array.isArray(body) ? body : [body]) answers.push(await chain.answer(call))
  response.end(JSON.stringify(Array.isArray(body) ? answers : answers[0]))
}

class ScriptedChain {
  readonly #id: number
  readonly #blocks: Block[] = []
  readonly #pool = new Map<string, Transaction>()
  readonly #sent: string[] = []

  constructor(id: number) {
    this.#id = id
    this.#mine()
  }

  account(): ChainAccount {
    const mined = this.#blocks.flatMap(({ transactions }) => transactions)
    return {
      sent: this.#sent,
      mined: mined.map(({ hash, to, value }) => ({ hash, to, value: String(value) })),
    }
  }

  async answer({ id, method, params }: Call) {
    try {
      return { jsonrpc: '2.0', id, result: await this.#result(method, params) }
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      return { jsonrpc: '2.0', id, error: { code: -32_000, message } }
    }
  }

  #result(method: string, [first, second]: readonly unknown[]): unknown {
    switch (method) {
      case 'eth_chainId':
        return quantity(this.#id)
      case 'eth_getBlockByNumber':
        if (first === 'latest' && second === true) this.#mine()
        return this.#told(this.#blocks[this.#height(first)])
      case 'eth_getBlockByHash':
        return this.#told(this.#blocks.find(({ hash }) => hash === first))
      case 'eth_getBlockReceipts':
        return this.#receipts(this.#blocks.find(({ hash }) => hash === first))
      case 'eth_getTransactionCount':
        return quantity(this.#nonce(String(first), second === 'pending'))
      case 'eth_getBalance':
        return quantity(RICH)
      case 'eth_getCode':
        return '0x'
      case 'eth_gasPrice':
        return quantity(GAS_PRICE)
      case 'eth_estimateGas':
        return quantity(TRANSFER_GAS)
      case 'eth_feeHistory':
        return { oldestBlock: '0x0', baseFeePerGas: ['0x1', '0x1'], gasUsedRatio: [0.5], reward: [['0x1']] }
      case 'eth_sendRawTransaction':
        return this.#take(String(first))
      default:
        throw new Error(`the method ${method} does not exist/is not available`)
    }
  }

  async #take(text: string): Promise<string> {
    const raw: TransactionSerializedEIP1559 = `0x02${text.slice(4)}`
    const hash = keccak256(raw)
    this.#sent.push(hash)
    const { nonce = 0, to, value = 0n } = parseTransaction(raw)
    const from = (await recoverTransactionAddress({ serializedTransaction: raw })).toLowerCase()
    const place = `${from} ${nonce}`
    if (this.#pool.get(place)?.hash === hash) throw new Error('already known')
    if (this.#pool.has(place)) throw new Error('replacement transaction underpriced')
    if (nonce < this.#nonce(from, false)) throw new Error('nonce too low')
    this.#pool.set(place, { hash, from, nonce, to: String(to).toLowerCase(), value })
    return hash
  }

  #mine(): void {
    const number = this.#blocks.length
    const transactions: Transaction[] = []
    const nonces = new Map<string, number>()
    for (const [place, transaction] of [...this.#pool].sort(([, a], [, b]) => a.nonce - b.nonce)) {
      const next = nonces.get(transaction.from) ?? this.#nonce(transaction.from, false)
      if (transaction.nonce !== next) continue
      nonces.set(transaction.from, next + 1)
      this.#pool.delete(place)
      transactions.push(transaction)
    }
    this.#blocks.push({ number, hash: this.#hashOf(number), transactions })
  }

  #nonce(address: string, isPending: boolean): number {
    const isOurs = ({ from }: Transaction) => from === address.toLowerCase()
    const mined = this.#blocks.flatMap(({ transactions }) => transactions).filter(isOurs).length
    return mined + (isPending ? [...this.#pool.values()].filter(isOurs).length : 0)
  }

  #height(tag: unknown): number {
    const head = this.#blocks.length - 1
    if (tag === 'latest') return head
    return tag === 'finalized' ? Math.max(0, head - FINALITY_DEPTH) : Number(tag)
  }

  #told(block: Block | undefined): unknown {
    if (block === undefined) return null
    const { number, hash, transactions } = block
    return {
      number: quantity(number),
      hash,
      parentHash: number === 0 ? ZERO_HASH : this.#hashOf(number - 1),
      timestamp: quantity(GENESIS_SECONDS + number),
      baseFeePerGas: '0x1',
      gasLimit: quantity(30_000_000),
      gasUsed: '0x0',
      transactions: transactions.map((transaction) => ({
        ...transaction,
        nonce: quantity(transaction.nonce),
        value: quantity(transaction.value),
      })),
    }
  }

  #receipts(block: Block | undefined): unknown {
    return (block?.transactions ?? []).map(({ hash, to }) => ({
      transactionHash: hash,
      blockNumber: quantity(block?.number ?? 0),
      blockHash: block?.hash,
      status: '0x1',
      gasUsed: quantity(TRANSFER_GAS),
      effectiveGasPrice: '0x2',
      to,
      logs: [],
    }))
  }

  #hashOf(number: number): Hex {
    return keccak256(new TextEncoder().encode(`${this.#id} ${number}`))
  }
}

function quantity(value: number | bigint): Hex {
  return `0x${value.toString(16)}`
}
