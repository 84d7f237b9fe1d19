// What the local key services share: an HTTP server on a free port, keys, and signatures as such services give them.

import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { secp256k1 } from '@noble/curves/secp256k1'
import { privateKeyToAddress } from 'viem/accounts'
import type { Address } from '../../../../src/shared/chain/address.ts'
import { checkedAddress } from '../chain-values.ts'

export type ServiceCall = {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}
export type ServiceAnswer = { readonly status: number; readonly body: unknown }

export class LocalService {
  readonly url: string
  /** All that came, oldest first. */
  readonly calls: readonly ServiceCall[]
  readonly #server: Server

  private constructor(server: Server, calls: readonly ServiceCall[], url: string) {
    this.#server = server
    this.calls = calls
    this.url = url
  }

  static async start(
    answer: (call: ServiceCall) => ServiceAnswer | Promise<ServiceAnswer>,
  ): Promise<LocalService> {
    const calls: ServiceCall[] = []
    const server = createServer((request, response) => {
      void text(request).then(async (body) => {
        const call = { path: request.url ?? '', headers: request.headers, body }
        calls.push(call)
        const { status, body: given } = await answer(call)
        response.writeHead(status, { 'content-type': 'application/json' })
        response.end(typeof given === 'string' ? given : JSON.stringify(given))
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    return new LocalService(server, calls, `http://127.0.0.1:${port}`)
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}

/** Not a secret: made for these tests, from a number. */
export function keyOf(number: number): `0x${string}` {
  return `0x${number.toString(16).padStart(64, '0')}`
}

export function addressOf(key: `0x${string}`): Address {
  return checkedAddress(privateKeyToAddress(key).toLowerCase())
}

/** In DER. `isHigh`: the other valid one of the two, as half of a service's signatures are. */
export function derSignature(key: `0x${string}`, digest: Uint8Array, isHigh: boolean): string {
  const low = secp256k1.sign(digest, key.slice(2), { lowS: true, prehash: false })
  const s = isHigh ? secp256k1.CURVE.n - low.s : low.s
  return Buffer.from(new secp256k1.Signature(low.r, s).toDERRawBytes()).toString('base64')
}
