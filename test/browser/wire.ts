// A piece of network between the browser and the server that can be cut: a TCP relay. What breaks here breaks as it
// does outside, in the middle of whatever was under way.

import type { AddressInfo } from 'node:net'
import { connect, createServer, type Server, type Socket } from 'node:net'

type Line = { readonly near: Socket; readonly far: Socket; isLive: boolean }

export class Wire {
  readonly #lines = new Set<Line>()
  readonly #server: Server
  readonly #farPort: number
  #isDown = false
  /** Live connections that were cut so far. */
  cuts = 0

  constructor(target: string) {
    this.#farPort = Number(new URL(target).port)
    this.#server = createServer((near) => this.#join(near))
  }

  /** Answers the address for the browser. */
  async open(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    const address = this.#server.address()
    return `http://127.0.0.1:${portOf(address)}`
  }

  /** Cuts the WebSockets only; the page goes on polling. */
  cutLive(): void {
    for (const line of this.#lines) if (line.isLive) this.#cut(line)
  }

  /** Nothing gets through until `up`. */
  down(): void {
    this.#isDown = true
    for (const line of this.#lines) this.#cut(line)
  }

  up(): void {
    this.#isDown = false
  }

  async close(): Promise<void> {
    this.down()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #join(near: Socket): void {
    if (this.#isDown) return void near.destroy()
    const line = { near, far: connect(this.#farPort, '127.0.0.1'), isLive: false }
    this.#lines.add(line)
    near.on('data', (bytes) => {
      if (bytes.includes('/live?after_seq=')) line.isLive = true
    })
    near.pipe(line.far).pipe(near)
    for (const end of [near, line.far]) {
      end.on('error', () => this.#drop(line))
      end.on('close', () => this.#drop(line))
    }
  }

  #cut(line: Line): void {
    if (line.isLive) this.cuts += 1
    this.#drop(line)
  }

  #drop(line: Line): void {
    this.#lines.delete(line)
    line.near.destroy()
    line.far.destroy()
  }
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('the wire has no port')
  return address.port
}
