// The server's side of RFC 6455, as far as a node's subscriptions need it: text messages in one frame or several, pings,
// the close. Node has a client for WebSockets and no server.

import { createHash } from 'node:crypto'

const ACCEPT_GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'
const FINAL_BIT = 0x80
const MASK_BIT = 0x80
const SIZE_16 = 126
const SIZE_64 = 127
const MASK_BYTES = 4

export const OPCODE = { continuation: 0x0, text: 0x1, close: 0x8, ping: 0x9, pong: 0xa } as const

export function handshake(key: string): string {
  const accept = createHash('sha1')
    .update(key + ACCEPT_GUID)
    .digest('base64')
  return [
    'HTTP/1.1 101 Switching Protocols',
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Accept: ${accept}`,
    '\r\n',
  ].join('\r\n')
}

export function frame(opcode: number, payload: Buffer): Buffer {
  const first = Buffer.from([FINAL_BIT | opcode])
  return Buffer.concat([first, sizeOf(payload.length), payload])
}

function sizeOf(length: number): Buffer {
  if (length < SIZE_16) return Buffer.from([length])
  const bytes = length < 2 ** 16 ? Buffer.alloc(3) : Buffer.alloc(9)
  bytes[0] = length < 2 ** 16 ? SIZE_16 : SIZE_64
  if (length < 2 ** 16) bytes.writeUInt16BE(length, 1)
  else bytes.writeBigUInt64BE(BigInt(length), 1)
  return bytes
}

export type Frame = { readonly opcode: number; readonly isFinal: boolean; readonly payload: Buffer }

/** Frames as bytes come in; what is not whole yet waits. */
export class FrameReader {
  #rest: Buffer = Buffer.alloc(0)

  read(chunk: Buffer): readonly Frame[] {
    this.#rest = Buffer.concat([this.#rest, chunk])
    const frames: Frame[] = []
    for (;;) {
      const found = firstFrame(this.#rest)
      if (found === null) return frames
      this.#rest = this.#rest.subarray(found.end)
      frames.push(found.frame)
    }
  }
}

function firstFrame(bytes: Buffer): { readonly frame: Frame; readonly end: number } | null {
  const first = bytes[0]
  const second = bytes[1]
  if (first === undefined || second === undefined) return null
  const short = second & ~MASK_BIT
  const sizeBytes = short === SIZE_16 ? 2 : short === SIZE_64 ? 8 : 0
  const maskAt = 2 + sizeBytes
  if (bytes.length < maskAt + MASK_BYTES) return null
  const length =
    sizeBytes === 0 ? short : sizeBytes === 2 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2))
  const isMasked = (second & MASK_BIT) !== 0
  const start = maskAt + (isMasked ? MASK_BYTES : 0)
  const end = start + length
  if (bytes.length < end) return null
  const payload = Buffer.from(bytes.subarray(start, end))
  if (isMasked) {
    for (let at = 0; at < length; at++) {
      payload[at] = (payload[at] ?? 0) ^ (bytes[maskAt + (at % MASK_BYTES)] ?? 0)
    }
  }
  return { frame: { opcode: first & 0x0f, isFinal: (first & FINAL_BIT) !== 0, payload }, end }
}
