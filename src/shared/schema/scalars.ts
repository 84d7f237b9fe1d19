// The scalars of the wire, each with the domain type that stands for it in code. Decoding checks, encoding is exact.

import { getAddress } from 'viem'
import { z } from 'zod'
import { type Address, isAddress } from '../chain/address.ts'
import { type ChainId, isChainId } from '../chain/chain-id.ts'
import { type BlockHash, isBlockHash, isTxHash, type TxHash } from '../chain/hash.ts'
import { type Hex, isHex } from '../lib/hex.ts'
import { toRfc3339, type UnixMs, unixMs } from '../lib/time.ts'
import { isPoolSender, POOL_NAME_MAX_CHARACTERS, POOL_PREFIX, type Sender } from '../pool/sender.ts'
import { isTenantId, type TenantId } from '../tenancy/tenant-id.ts'
import { STATUSES } from '../transfer/status.ts'
import { isTransferId, type TransferId } from '../transfer/transfer-id.ts'
import { type InputCode, inputIssue } from './issue.ts'

/** What a Solidity uint256 holds. */
export const UINT256_MAX = 2n ** 256n - 1n

/** Digits of UINT256_MAX: a longer text is refused before it is turned into a number. */
const UINT256_DIGITS = 78

/** A decimal string <-> bigint, 0 to 2^256 - 1. */
export const uint256 = z.codec(z.string(), z.bigint(), {
  decode: (text, ctx) => {
    const fault = amountFault(text)
    if (fault !== null) {
      ctx.issues.push(inputIssue(text, fault.code, fault.message))
      return z.NEVER
    }
    return BigInt(text)
  },
  // What could not be read back must not be written: a log that cannot be replayed is an object that is lost.
  encode: (value, ctx) => {
    if (value >= 0n && value <= UINT256_MAX) return value.toString(10)
    ctx.issues.push(inputIssue(value, 'amount_too_large', 'must be 0 to 2^256 - 1'))
    return z.NEVER
  },
})

/** As uint256, but more than nothing: moving zero is a mistake, not a transfer. */
export const positiveUint256 = uint256.refine((value) => value > 0n, {
  message: 'must be more than zero',
  params: { code: 'amount_zero' satisfies InputCode },
})

function amountFault(text: string): { code: InputCode; message: string } | null {
  if (/^-\d+$/.test(text)) return { code: 'amount_negative', message: 'must not be negative' }
  if (/^\d+\.\d+$/.test(text)) {
    return {
      code: 'amount_fractional',
      message: 'must be whole base units (wei, or the smallest unit of the token)',
    }
  }
  if (!/^(?:0|[1-9]\d*)$/.test(text)) {
    return {
      code: 'amount_not_decimal',
      message: 'must be a string of decimal digits, without sign or leading zero',
    }
  }
  if (text.length > UINT256_DIGITS || BigInt(text) > UINT256_MAX) {
    return { code: 'amount_too_large', message: 'must be at most 2^256 - 1' }
  }
  return null
}

/**
 * An address as clients write it <-> lower case. All lower or all upper case is taken as it is; mixed case must carry
 * the right checksum (EIP-55): a wrong one is a mistyped address.
 */
export const address = z.codec(z.string(), z.custom<Address>(isText(isAddress)), {
  decode: decodeAddress,
  encode: (value) => getAddress(value),
})

function decodeAddress(text: string, ctx: z.core.ParsePayload): Address {
  const lower = text.toLowerCase()
  if (!text.startsWith('0x') || !isAddress(lower)) {
    ctx.issues.push(inputIssue(text, 'invalid_address', 'must be 0x and 40 hex digits'))
    return z.NEVER
  }
  const digits = text.slice(2)
  const hasOneCase = digits === digits.toLowerCase() || digits === digits.toUpperCase()
  if (!hasOneCase && getAddress(lower) !== text) {
    ctx.issues.push(
      inputIssue(text, 'invalid_checksum', 'has a wrong checksum (EIP-55): check for a typing mistake'),
    )
    return z.NEVER
  }
  return lower
}

/** An account as `address` has it, or `pool:` and a name <-> the same. */
export const sender = z.codec(
  z.string(),
  z.custom<Sender>(isText((text) => isAddress(text) || isPoolSender(text))),
  {
    decode: (text, ctx) => {
      if (!text.startsWith(POOL_PREFIX)) return decodeAddress(text, ctx)
      if (isPoolSender(text)) return text
      ctx.issues.push(
        inputIssue(
          text,
          'invalid_pool',
          `must be ${POOL_PREFIX} and 1 to ${POOL_NAME_MAX_CHARACTERS} of a-z, 0-9, _ and -`,
        ),
      )
      return z.NEVER
    },
    encode: (value) => (isPoolSender(value) ? value : getAddress(value)),
  },
)

export const chainId = z.string().refine(isChainId, {
  message: 'must be a CAIP-2 id of an EVM chain, such as eip155:1',
  params: { code: 'invalid_chain' satisfies InputCode },
}) as z.ZodType<ChainId, string>

/** `0x` and whole bytes, either case <-> lower case. */
export const hex = z.codec(z.string(), z.custom<Hex>(isText(isHex)), {
  decode: (text, ctx) => {
    const lower = text.toLowerCase()
    if (isHex(lower)) return lower
    ctx.issues.push(inputIssue(text, 'invalid_hex', 'must be 0x and whole bytes in hex'))
    return z.NEVER
  },
  encode: (value) => value,
})

/** The end of the year 9999 in UTC, milliseconds: RFC 3339 has no text for what comes after it. */
const LAST_MS = 253_402_300_799_999

/** RFC 3339 with an offset <-> milliseconds; encoded in UTC. */
export const time = z.codec(
  z.string(),
  z.custom<UnixMs>((value) => Number.isSafeInteger(value)),
  {
    decode: (text, ctx) => {
      const parsed = z.iso.datetime({ offset: true }).safeParse(text)
      const value = parsed.success ? Date.parse(text) : Number.NaN
      if (Number.isNaN(value) || value < 0 || value > LAST_MS) {
        ctx.issues.push(
          inputIssue(text, 'invalid_time', 'must be a time as in RFC 3339, such as 2026-01-31T12:00:00Z'),
        )
        return z.NEVER
      }
      return unixMs(value)
    },
    encode: toRfc3339,
  },
)

export const txHash = z.custom<TxHash>(isText(isTxHash))
export const blockHash = z.custom<BlockHash>(isText(isBlockHash))
export const transferId = z.custom<TransferId>(isText(isTransferId))
export const tenantId = z.custom<TenantId>(isText(isTenantId))

export const status = z.enum(STATUSES)

/** Counts, nonces and block numbers: whole, from 0, exact in JSON. */
export const count = z.number().int().nonnegative()

/** Of a record. A schema of its own, so that it has a name in the API's document. */
export const seq = z.number().int().positive()

function isText<T extends string>(test: (text: string) => text is T): (value: unknown) => value is T {
  return (value): value is T => typeof value === 'string' && test(value)
}
