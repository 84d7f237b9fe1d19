// One endpoint in front of a node: HTTP and WebSocket pass through, and what a test switches on goes wrong. Nothing is
// global: each proxy has its own faults, its own dice, its own counts and its own list of bytes that were sent.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import { brokenBody } from './broken-body.ts'
import { Endpoint } from './endpoint.ts'
import { classOf, type FaultRule, FaultRules } from './faults.ts'
import type { NodeRule } from './node-rules.ts'
import { type RpcCall, rpcCall, Upstream } from './rpc.ts'
import type { SentBytes } from './sent-bytes.ts'
import { passSocket } from './web-socket.ts'

const SECOND_MS = 1_000
const body = z.union([z.array(rpcCall).min(1), rpcCall])

export type FaultProxyOptions = {
  readonly upstreamUrl: string
  /** Numbers from 0 to 1. */
  readonly random: () => number
}

export class FaultProxy {
  readonly #endpoint: Endpoint
  readonly #rules: FaultRules
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  readonly #counts = new Map<string, number>()
  readonly #upstreamUrl: string
  #perSecond: number | null = null
  #window = { since: 0, requests: 0 }
  /** When the requests of the last second came. */
  #lately: number[] = []
  #busiestSecond = 0
  #url = ''
  #hear: ((request: string) => void) | null = null

  private constructor({ upstreamUrl, random }: FaultProxyOptions) {
    this.#upstreamUrl = upstreamUrl
    this.#endpoint = new Endpoint(new Upstream(upstreamUrl), (what) => this.#count(what))
    this.#rules = new FaultRules(random)
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch(() => response.destroy())
    })
    this.#server.on('connection', (socket: Socket) => this.#keep(socket))
    this.#server.on('upgrade', (request, socket: Socket) => this.#upgrade(request, socket))
  }

  static async start(options: FaultProxyOptions): Promise<FaultProxy> {
    const proxy = new FaultProxy(options)
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve))
    const address = proxy.#server.address()
    if (typeof address !== 'object' || address === null) throw new Error('the proxy listens on a port')
    proxy.#url = `http://127.0.0.1:${address.port}`
    return proxy
  }

  get url(): string {
    return this.#url
  }

  /** In place of those before. */
  setFaults(...rules: readonly FaultRule[]): void {
    this.#rules.set(rules)
  }

  fallBehind(blocks: number): void {
    this.#endpoint.fallBehind(blocks)
  }

  enforce(...rules: readonly NodeRule[]): void {
    this.#endpoint.enforce(rules)
  }

  /** Gets the body of every request that comes over HTTP from here on, as it came. */
  overhear(hear: (request: string) => void): void {
    this.#hear = hear
  }

  /** Requests in one second above which HTTP 429 is the answer; null: none. */
  limitRate(perSecond: number | null): void {
    this.#perSecond = perSecond
  }

  /** Cuts every connection that is open now, those of subscriptions too. */
  cutConnections(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  /** All that was handed in, whatever became of it. */
  get sent(): readonly SentBytes[] {
    return this.#endpoint.sent
  }

  /** What was done, by class of fault; `requests` is all that came. */
  get counts(): ReadonlyMap<string, number> {
    return this.#counts
  }

  /** The most requests that came within any one second. */
  get busiestSecond(): number {
    return this.#busiestSecond
  }

  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()))
    this.cutConnections()
    await closed
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.#noteArrival()
    const chunks: Uint8Array[] = []
    for await (const chunk of request) chunks.push(chunk)
    const text = Buffer.concat(chunks).toString('utf8')
    this.#hear?.(text)
    const asked = body.parse(JSON.parse(text))
    const isBatch = Array.isArray(asked)
    const calls = isBatch ? asked : [asked]
    this.#count('requests')
    this.#endpoint.record(calls)
    if (this.#isOverRate()) {
      this.#count('rate_limit')
      response.writeHead(429, { 'retry-after': '1' }).end()
      return
    }
    const struck = this.#rules.strike(calls)
    if (struck !== null) this.#count(classOf(struck.fault))
    await this.#respond(response, calls, isBatch, struck)
  }

  async #respond(
    response: ServerResponse,
    calls: readonly RpcCall[],
    isBatch: boolean,
    struck: FaultRule | null,
  ): Promise<void> {
    const fault = struck?.fault
    const isLost = fault !== undefined && 'bytes' in fault && fault.bytes === 'lost'
    if (fault?.do === 'delay') await delay(fault.ms, undefined, { ref: false })
    if (fault?.do === 'hang' || fault?.do === 'reset' || fault?.do === 'http') {
      if (!isLost) await this.#endpoint.answer(calls, null)
      if (fault.do === 'hang') return
      if (fault.do === 'reset') return void response.destroy()
      const headers = fault.retryAfter === undefined ? {} : { 'retry-after': fault.retryAfter }
      response.writeHead(fault.status, headers).end(fault.body ?? '')
      return
    }
    const answers = await this.#endpoint.answer(calls, struck)
    const text =
      fault?.do === 'break'
        ? brokenBody(fault.how, answers, isBatch)
        : JSON.stringify(isBatch ? answers : answers[0])
    response.writeHead(200, { 'content-type': 'application/json' }).end(text)
  }

  #upgrade(request: IncomingMessage, socket: Socket): void {
    passSocket(socket, {
      upstreamUrl: this.#upstreamUrl,
      key: request.headers['sec-websocket-key'] ?? '',
      blocksBehind: () => this.#endpoint.blocksBehind,
      answer: async (calls) => {
        this.#endpoint.record(calls)
        const struck = this.#rules.strike(calls)
        if (struck === null) return this.#endpoint.answer(calls, null)
        this.#count(classOf(struck.fault))
        // Over a socket the only thing that a transport can do is to go away.
        return null
      },
    })
  }

  #noteArrival(): void {
    const now = performance.now()
    this.#lately = [...this.#lately.filter((at) => at > now - SECOND_MS), now]
    this.#busiestSecond = Math.max(this.#busiestSecond, this.#lately.length)
  }

  #isOverRate(): boolean {
    if (this.#perSecond === null) return false
    const now = Date.now()
    if (now - this.#window.since >= SECOND_MS) this.#window = { since: now, requests: 0 }
    this.#window.requests += 1
    return this.#window.requests > this.#perSecond
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => this.#sockets.delete(socket))
  }

  #count(what: string): void {
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + 1)
  }
}
