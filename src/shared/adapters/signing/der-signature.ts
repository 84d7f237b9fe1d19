// The form in which key services give signatures: DER. Ethereum wants two numbers of 32 bytes, the second in the lower half
// of the curve's order (EIP-2); a service may give either of the two that are valid.

import { secp256k1 } from '@noble/curves/secp256k1'
import { toHex } from 'viem'
import type { Signature } from './transaction-bytes.ts'

/** Null: these bytes are no signature. */
export function parseDerSignature(bytes: Uint8Array): Pick<Signature, 'r' | 's'> | null {
  try {
    const { r, s } = secp256k1.Signature.fromDER(bytes).normalizeS()
    return { r: toHex(r, { size: 32 }), s: toHex(s, { size: 32 }) }
  } catch {
    return null
  }
}
