// How much gas a transaction needs that runs a batch by `execute` or `executeSigned`, whoever its recipients are: with this limit it never ends
// for lack of gas. By Ethereum's own prices (Osaka); a chain that charges otherwise needs a measure of its own.
//
// Nothing is known of a recipient, so each counts as one that never existed, where that is possible, and every callee as one
// that uses all of its limit. What is not used is not paid for.

import type { Address } from '../chain/address.ts'
import { assertNever } from '../lib/assert.ts'
import type { Hex } from '../lib/hex.ts'
import type { BatchRun, BatchStep } from './batch-step.ts'
import { encodeCalls, encodeSteps } from './encode-steps.ts'

/** What one transaction may use at most (EIP-7825). */
export const TRANSACTION_GAS_MOST = 2n ** 24n

/** Gas of a transaction that does nothing (EIP-2). */
const INTRINSIC = 21_000
/** Calldata is counted in tokens: one for a zero byte, four for another (EIP-7623). */
const NONZERO_BYTE_TOKENS = 4
const TOKEN = 4
/** The least for a token, whatever is run (EIP-7623). */
const TOKEN_FLOOR = 10
/** Bytes around the steps: selector, batch id, time, place and length of the steps; all counted as not zero. */
const HEAD_BYTES = 132
/** Bytes more where another account brings it: the signature. */
const SIGNATURE_BYTES = 64

/** First use of an account in a transaction, and each after it (EIP-2929); of one that delegates both count twice (EIP-7702). */
const COLD_ACCOUNT = 2_600
const WARM_ACCESS = 100
/** A call that moves value; what the callee has of it beyond its limit; an account that begins with it (EIP-150, EIP-161). */
const CALL_VALUE = 9_000
const CALL_STIPEND = 2_300
const NEW_ACCOUNT = 25_000
/** A cold slot is read (EIP-2929), and written where it was zero (EIP-2200). */
const COLD_SLOT = 2_100
const FIRST_WRITE = 20_000
/** A write fails with this much left or less (EIP-2200), though it may cost but a hundred. */
const WRITE_RESERVE = 2_300
/** A word of memory, beside its part that grows with the square; and to copy a word into it (Yellow Paper, appendix G). */
const MEMORY_WORD = 3
const MEMORY_SQUARE_DIVISOR = 512
const COPY_WORD = 3
const WORD_BYTES = 32

/** As the executor asks for before a call: its `requireGas`. */
const CALL_COST_MOST = 50_000
const KEPT_DIVISOR = 63

// What the executor's own instructions take, measured from its code and rounded up; tests run batches at the limit.
/** Of an empty batch: checks, the running mark, the log. */
const BATCH_OWN = 2_800
/** Of what a signature takes beyond that: the domain, two hashes, its recovery; and per word of the steps, which are hashed. */
const SIGNED_OWN = 4_700
const HASHED_WORD = 6
/** Words of memory beside those of the steps. */
const SIGNED_WORDS = 16
/** Of a change to another word of numbers. */
const WORD_OWN = 210
/** Of a step by its kind, without what it calls. */
const STEP_OWN = { close: 580, native: 1_020, erc20: 1_180, call: 1_630, group: 1_700 } as const
/** Words of memory that the executor uses whatever it runs, and beyond the data of a call or group. */
const BATCH_WORDS = 12
const DATA_WORDS = { call: 1, group: 4 } as const

/** Adds up step by step, in the order in which they run. */
export class BatchGas {
  /** Execution up to here. */
  #used = BATCH_OWN + WRITE_RESERVE
  /** The most that was asked for at any place. */
  #peak = 0
  #tokens = HEAD_BYTES * NONZERO_BYTE_TOKENS
  #bytes = 0
  #memoryWords = BATCH_WORDS
  #word: bigint | null = null
  readonly #words = new Set<bigint>()
  readonly #called = new Set<Address>()

  readonly #isSigned: boolean

  /** `isSigned`: another account brings it (`executeSigned`). */
  constructor(isSigned = false) {
    this.#isSigned = isSigned
    this.#used += memoryGas(BATCH_WORDS) + (isSigned ? SIGNED_OWN : 0)
    this.#tokens += isSigned ? SIGNATURE_BYTES * NONZERO_BYTE_TOKENS : 0
  }

  add(step: BatchStep): void {
    this.#addCalldata(encodeSteps([step]))
    this.#enter(step.number >> 8n)
    this.#used += STEP_OWN[step.run.kind]
    if (!('gas' in step)) return
    this.#addData(step.run)
    const needed = step.gas + Math.floor(step.gas / KEPT_DIVISOR) + CALL_COST_MOST
    this.#peak = Math.max(this.#peak, this.#used + needed)
    this.#used += this.#callGas(step.run) + step.gas
  }

  get limit(): bigint {
    const padding = (WORD_BYTES - (this.#bytes % WORD_BYTES)) % WORD_BYTES
    const tokens = this.#tokens + padding
    const run = tokens * TOKEN + Math.max(this.#used, this.#peak) + this.#hashGas
    return BigInt(INTRINSIC + Math.max(run, tokens * TOKEN_FLOOR))
  }

  /** The steps are copied into memory to be hashed, beside all that is there. */
  get #hashGas(): number {
    if (!this.#isSigned) return 0
    const words = Math.ceil(this.#bytes / WORD_BYTES) + SIGNED_WORDS
    const grown = memoryGas(this.#memoryWords + words) - memoryGas(this.#memoryWords)
    return words * (HASHED_WORD + COPY_WORD) + grown
  }

  #addCalldata(steps: Hex): void {
    for (let at = '0x'.length; at < steps.length; at += 2) {
      this.#tokens += steps.startsWith('00', at) ? 1 : NONZERO_BYTE_TOKENS
      this.#bytes += 1
    }
  }

  /** A word is read where the batch comes to it and written where it leaves it; the last one at the end. */
  #enter(word: bigint): void {
    if (word === this.#word) return
    this.#used += WORD_OWN + (this.#words.has(word) ? 2 * WARM_ACCESS : COLD_SLOT + FIRST_WRITE)
    this.#words.add(word)
    this.#word = word
  }

  /** What a call is given lies in memory, which is not used again. */
  #addData(run: BatchRun): void {
    if (run.kind !== 'call' && run.kind !== 'group') return
    const bytes = run.kind === 'call' ? bytesOf(run.data) : bytesOf(encodeCalls(run.calls))
    const words = Math.ceil(bytes / WORD_BYTES)
    const before = memoryGas(this.#memoryWords)
    this.#memoryWords += words + DATA_WORDS[run.kind]
    this.#used += words * COPY_WORD + memoryGas(this.#memoryWords) - before
  }

  /** Of the call itself, without what the callee uses. */
  #callGas(run: BatchRun): number {
    switch (run.kind) {
      case 'native':
        return this.#accessGas(run.to, run.amount, true)
      case 'erc20':
        // Whether there is code is asked for beside.
        return this.#accessGas(run.token, 0n, false) + WARM_ACCESS
      case 'call':
        // With data it is made only where there is code.
        return this.#accessGas(run.to, run.value, run.data.length === '0x'.length) + WARM_ACCESS
      case 'group':
        // The account itself and the executor's code: both are in use.
        return 2 * WARM_ACCESS
      default:
        return assertNever(run)
    }
  }

  /**
   * Whom a step called is warm from then on, also where the call failed; what a group did may be undone, so those are not.
   * An account that begins has no code: it does not delegate, and the stipend comes back. That is the dearest.
   */
  #accessGas(to: Address, value: bigint, mayBegin: boolean): number {
    const access = this.#called.has(to) ? WARM_ACCESS : COLD_ACCOUNT
    this.#called.add(to)
    if (value === 0n) return 2 * access
    return mayBegin ? access + CALL_VALUE + NEW_ACCOUNT - CALL_STIPEND : 2 * access + CALL_VALUE
  }
}

/** The gas limit of a transaction that runs these steps. */
export function batchGasLimit(steps: readonly BatchStep[], isSigned = false): bigint {
  const gas = new BatchGas(isSigned)
  for (const step of steps) gas.add(step)
  return gas.limit
}

function memoryGas(words: number): number {
  return words * MEMORY_WORD + Math.floor((words * words) / MEMORY_SQUARE_DIVISOR)
}

function bytesOf(hex: Hex): number {
  return (hex.length - '0x'.length) / 2
}
