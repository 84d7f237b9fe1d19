// Calls of the executor (contracts/SPEC.md) as calldata. By hand, because three selectors do not need an ABI library.

import { assert } from '../lib/assert.ts'
import type { Hex } from '../lib/hex.ts'
import { bytesWords, hex, numberWord, WORD_DIGITS } from './abi-words.ts'

/** First four bytes of keccak256 of `execute(bytes32,uint256,bytes)`, `executeSigned(bytes32,uint256,bytes,bytes32,bytes32)`, `runGroup(bytes)` and `doneBits(uint256)`. */
const EXECUTE_SELECTOR = '0x154e57c5'
const EXECUTE_SIGNED_SELECTOR = '0xcd1472a3'
const RUN_GROUP_SELECTOR = '0x40a232fc'
const DONE_BITS_SELECTOR = '0x72e64699'
/** Bytes from the first argument to where the steps begin: after the three words that stand for the arguments. */
const STEPS_OFFSET = 96n
const SIGNED_STEPS_OFFSET = 160n
const CALLS_OFFSET = 32n

/** `batchId`: 32 bytes. `validUntil`: in seconds, as blocks have it. `steps`: packed. */
export function encodeExecute(batchId: Hex, validUntil: bigint, steps: Hex): Hex {
  const id = batchId.slice(2)
  assert(id.length === WORD_DIGITS, 'the id of a batch has 32 bytes')
  return hex(EXECUTE_SELECTOR + id + numberWord(validUntil) + numberWord(STEPS_OFFSET) + bytesWords(steps))
}

/** By anybody who has the account's signature of it: `r` and `vs` as in EIP-2098, 64 bytes. */
export function encodeExecuteSigned(batchId: Hex, validUntil: bigint, steps: Hex, signature: Hex): Hex {
  const id = batchId.slice(2)
  const signed = signature.slice(2)
  assert(id.length === WORD_DIGITS && signed.length === 2 * WORD_DIGITS, 'a signature has 64 bytes')
  const head = id + numberWord(validUntil) + numberWord(SIGNED_STEPS_OFFSET) + signed
  return hex(EXECUTE_SIGNED_SELECTOR + head + bytesWords(steps))
}

/** The calls of one step, by the account to itself: what its trial run is. `calls`: packed. */
export function encodeRunGroup(calls: Hex): Hex {
  return hex(RUN_GROUP_SELECTOR + numberWord(CALLS_OFFSET) + bytesWords(calls))
}

/** The call that asks an account which of the numbers 256 * word to 256 * word + 255 are used up. */
export function encodeDoneBits(word: bigint): Hex {
  return hex(DONE_BITS_SELECTOR + numberWord(word))
}
