// SHA-256, synchronous: a digest is taken inside a storage transaction, where nothing may be awaited
// (WebCrypto is asynchronous only).

import { createHash } from 'node:crypto'

const ENCODER = new TextEncoder()

export function sha256(...parts: readonly (string | Uint8Array)[]): Uint8Array {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(bytesOf(part))
  return new Uint8Array(hash.digest())
}

export function sha256Hex(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(bytesOf(part))
  return hash.digest('hex')
}

/** Before it is hashed: workerd's `update` takes a third longer to do it. */
function bytesOf(part: string | Uint8Array): Uint8Array {
  return typeof part === 'string' ? ENCODER.encode(part) : part
}
