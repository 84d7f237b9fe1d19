// Subscriptions through the proxy: passes on what the node announces, later by as many blocks as the endpoint is behind.
// Calls that come over the socket are answered as those that come over HTTP.

import type { Socket } from 'node:net'
import { z } from 'zod'
import { type RpcAnswer, type RpcCall, rpcCall } from './rpc.ts'
import { FrameReader, frame, handshake, OPCODE } from './socket-frames.ts'

/** Calls that belong to the socket itself: the node must see them there. */
const OF_THE_SOCKET = new Set(['eth_subscribe', 'eth_unsubscribe'])

const announcement = z.looseObject({ method: z.literal('eth_subscription') })

export type SocketOptions = {
  readonly upstreamUrl: string
  readonly key: string
  readonly blocksBehind: () => number
  /** Null: cut the connection. */
  readonly answer: (calls: readonly RpcCall[]) => Promise<readonly RpcAnswer[] | null>
}

export function passSocket(socket: Socket, options: SocketOptions): void {
  const upstream = new WebSocket(options.upstreamUrl.replace(/^http/, 'ws'))
  const reader = new FrameReader()
  const held: string[] = []
  const early: string[] = []
  const end = () => {
    upstream.close()
    socket.destroy()
  }
  const send = (text: string) => socket.write(frame(OPCODE.text, Buffer.from(text)))
  const toNode = (text: string) => {
    if (upstream.readyState === WebSocket.OPEN) upstream.send(text)
    else early.push(text)
  }
  socket.write(handshake(options.key))
  socket.on('error', end)
  socket.on('close', end)
  upstream.addEventListener('error', end)
  upstream.addEventListener('close', end)
  upstream.addEventListener('open', () => {
    for (const text of early.splice(0)) upstream.send(text)
  })
  upstream.addEventListener('message', ({ data }) => {
    const text = String(data)
    if (!announcement.safeParse(JSON.parse(text)).success) send(text)
    else held.push(text)
    while (held.length > options.blocksBehind()) send(held.shift() ?? '')
  })
  const message = async (text: string) => {
    const call = rpcCall.parse(JSON.parse(text))
    if (OF_THE_SOCKET.has(call.method)) return toNode(text)
    const answers = await options.answer([call])
    if (answers === null) return end()
    send(JSON.stringify(answers[0]))
  }
  let parts = ''
  socket.on('data', (chunk: Buffer) => {
    for (const { opcode, isFinal, payload } of reader.read(chunk)) {
      if (opcode === OPCODE.close) return end()
      if (opcode === OPCODE.ping) socket.write(frame(OPCODE.pong, payload))
      if (opcode !== OPCODE.text && opcode !== OPCODE.continuation) continue
      parts += payload.toString('utf8')
      if (!isFinal) continue
      void message(parts).catch(end)
      parts = ''
    }
  })
}
