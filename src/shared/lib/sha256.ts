// SHA-256, synchronous: a digest is taken inside a storage transaction, where nothing may be awaited
// (WebCrypto is asynchronous only).

import { createHash } from 'node:crypto'

export function sha256(...parts: readonly (string | Uint8Array)[]): Uint8Array {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return new Uint8Array(hash.digest())
}

export function sha256Hex(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest('hex')
}
