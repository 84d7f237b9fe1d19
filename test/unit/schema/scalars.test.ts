// Guarantee: what the wire says is checked once and means one thing; an amount, an address or a time that could be
// misread is refused with the reason.

import fc from 'fast-check'
import { getAddress } from 'viem'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { InputCode } from '../../../src/shared/schema/issue.ts'
import * as scalars from '../../../src/shared/schema/scalars.ts'
import * as arbitrary from '../../support/arbitraries.ts'
import { holds } from '../../support/property.ts'

const { UINT256_MAX } = scalars

describe('an amount', () => {
  test.each([
    ['0', 0n],
    ['1', 1n],
    ['1000000000000000000', 10n ** 18n],
    [UINT256_MAX.toString(), UINT256_MAX],
  ])('%s is taken exactly', (text, value) => {
    expect(scalars.uint256.parse(text)).toBe(value)
  })

  test.each<[string, InputCode]>([
    ['-1', 'amount_negative'],
    ['-0', 'amount_negative'],
    ['1.5', 'amount_fractional'],
    ['1.0', 'amount_fractional'],
    ['0.000000000000000001', 'amount_fractional'],
    ['01', 'amount_not_decimal'],
    ['00', 'amount_not_decimal'],
    ['+1', 'amount_not_decimal'],
    ['1e18', 'amount_not_decimal'],
    ['0x10', 'amount_not_decimal'],
    ['1_000', 'amount_not_decimal'],
    ['1,000', 'amount_not_decimal'],
    ['.5', 'amount_not_decimal'],
    ['5.', 'amount_not_decimal'],
    ['-1.5', 'amount_not_decimal'],
    ['', 'amount_not_decimal'],
    [' 1', 'amount_not_decimal'],
    ['1 ', 'amount_not_decimal'],
    ['1\n', 'amount_not_decimal'],
    ['１', 'amount_not_decimal'],
    ['NaN', 'amount_not_decimal'],
    ['Infinity', 'amount_not_decimal'],
    [(UINT256_MAX + 1n).toString(), 'amount_too_large'],
    ['9'.repeat(78), 'amount_too_large'],
    ['9'.repeat(100_000), 'amount_too_large'],
  ])('%s is refused as %s', (text, code) => {
    expect(codeOf(scalars.uint256.safeParse(text))).toBe(code)
  })

  test.each([1, 1n, null, true, ['1'], { value: '1' }])('that is no text is refused: %s', (value) => {
    expect(scalars.uint256.safeParse(value).success).toBe(false)
  })

  test('of nothing moves nothing: refused where value is to move', () => {
    expect(codeOf(scalars.positiveUint256.safeParse('0'))).toBe('amount_zero')
    expect(scalars.positiveUint256.parse('1')).toBe(1n)
  })

  test('is written as it is read', () => {
    holds(
      fc.property(arbitrary.uint256, (value) => {
        const text = z.encode(scalars.uint256, value)
        expect(text).toMatch(/^(?:0|[1-9]\d*)$/)
        expect(scalars.uint256.parse(text)).toBe(value)
      }),
    )
  })
})

describe('an address', () => {
  // EIP-55's own examples: all upper, all lower, mixed.
  const mixed = [
    '0x52908400098527886E0F7030069857D2E4169EE7',
    '0x8617E340B3D01FA5F11F306F4090FD50E238070D',
    '0xde709f2102306220921060314715629080e2fb77',
    '0x27b1fdb04752bbc536007a920d24acb045561c26',
    '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed',
    '0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359',
    '0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB',
    '0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb',
  ]

  test.each(mixed)('%s is taken with its checksum, in lower case and in upper case', (text) => {
    const lower = text.toLowerCase()
    for (const form of [text, lower, `0x${text.slice(2).toUpperCase()}`]) {
      expect(scalars.address.parse(form)).toBe(lower)
    }
    expect(z.encode(scalars.address, scalars.address.parse(text))).toBe(getAddress(lower))
  })

  test.each(mixed.slice(4))('%s with one letter in the other case is a mistyped one', (text) => {
    const place = [...text].findIndex((letter, index) => index > 1 && /[a-z]/i.test(letter))
    const letter = text.charAt(place)
    const swapped = letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase()
    const mistyped = text.slice(0, place) + swapped + text.slice(place + 1)
    expect(codeOf(scalars.address.safeParse(mistyped))).toBe('invalid_checksum')
  })

  test.each([
    '',
    '0x',
    `0x${'a'.repeat(39)}`,
    `0x${'a'.repeat(41)}`,
    `0X${'a'.repeat(40)}`,
    'a'.repeat(40),
    `0x${'g'.repeat(40)}`,
    ` 0x${'a'.repeat(40)}`,
    `0x${'a'.repeat(40)}\n`,
    'vitalik.eth',
  ])('"%s" is none', (text) => {
    expect(codeOf(scalars.address.safeParse(text))).toBe('invalid_address')
  })

  test('is written with its checksum and read back as it was', () => {
    holds(
      fc.property(fc.uint8Array({ minLength: 20, maxLength: 20 }), (bytes) => {
        const value = scalars.address.parse(`0x${Buffer.from(bytes).toString('hex')}`)
        expect(scalars.address.parse(z.encode(scalars.address, value))).toBe(value)
      }),
    )
  })
})

describe('a time', () => {
  test.each([
    ['2026-01-31T12:00:00Z', Date.UTC(2026, 0, 31, 12)],
    ['2026-01-31T12:00:00.250Z', Date.UTC(2026, 0, 31, 12, 0, 0, 250)],
    ['2026-01-31T13:00:00+01:00', Date.UTC(2026, 0, 31, 12)],
    ['2026-01-31T06:30:00-05:30', Date.UTC(2026, 0, 31, 12)],
    ['2028-02-29T00:00:00Z', Date.UTC(2028, 1, 29)],
    ['1970-01-01T00:00:00Z', 0],
  ])('%s is taken', (text, value) => {
    expect(scalars.time.parse(text)).toBe(value)
  })

  test.each([
    ['2026-01-31'],
    ['2026-01-31T12:00:00'],
    ['2026-01-31 12:00:00Z'],
    ['2026-02-30T12:00:00Z'],
    ['2026-13-01T12:00:00Z'],
    ['2026-01-31T24:00:01Z'],
    ['2026-01-31T12:60:00Z'],
    ['1969-12-31T23:59:59Z'],
    ['1970-01-01T00:00:00+01:00'],
    ['tomorrow'],
    ['1769860800000'],
    [''],
  ])('%s is refused', (text) => {
    expect(codeOf(scalars.time.safeParse(text))).toBe('invalid_time')
  })

  test('is written in UTC and read back as it was', () => {
    holds(
      fc.property(arbitrary.time, (value) => {
        expect(scalars.time.parse(z.encode(scalars.time, value))).toBe(value)
      }),
    )
  })
})

describe('hex, chains, hashes and counts', () => {
  test('hex is whole bytes in either case', () => {
    expect(['0x', '0xab', '0xAB'].map((text) => scalars.hex.parse(text))).toEqual(['0x', '0xab', '0xab'])
    for (const text of ['', 'ab', '0xa', '0xzz', '0x ab']) {
      expect(codeOf(scalars.hex.safeParse(text)), text).toBe('invalid_hex')
    }
  })

  test('a chain is a CAIP-2 id of an EVM chain', () => {
    for (const text of ['eip155:1', 'eip155:31337']) expect(scalars.chainId.parse(text)).toBe(text)
    for (const text of ['', '1', 'eip155:', 'eip155:0', 'eip155:01', 'eip155:x', 'EIP155:1', 'solana:1']) {
      expect(codeOf(scalars.chainId.safeParse(text)), text).toBe('invalid_chain')
    }
  })

  test('a hash is 32 bytes in lower case', () => {
    for (const schema of [scalars.txHash, scalars.blockHash]) {
      expect(schema.safeParse(`0x${'a'.repeat(64)}`).success).toBe(true)
      for (const text of [`0x${'A'.repeat(64)}`, `0x${'a'.repeat(63)}`, 'a'.repeat(64), 5, null]) {
        expect(schema.safeParse(text).success).toBe(false)
      }
    }
  })

  test('a count is whole, not negative, and exact', () => {
    for (const value of [0, 1, Number.MAX_SAFE_INTEGER]) expect(scalars.count.parse(value)).toBe(value)
    for (const value of [-1, 0.5, Number.NaN, 2 ** 53, '1', null]) {
      expect(scalars.count.safeParse(value).success).toBe(false)
    }
  })
})

/** Our own code of the first issue. */
function codeOf(parsed: z.ZodSafeParseResult<unknown>): unknown {
  const [issue] = parsed.error?.issues ?? []
  return issue?.code === 'custom' ? issue.params?.code : issue?.code
}

describe('a sender', () => {
  test('is an address, checked as one, or a pool by its name, and written as it is read', () => {
    holds(
      fc.property(fc.stringMatching(/^[a-z0-9_-]{1,64}$/), (name) => {
        const value = scalars.sender.parse(`pool:${name}`)
        expect(value).toBe(`pool:${name}`)
        expect(z.encode(scalars.sender, value)).toBe(value)
      }),
    )
    const checksummed = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266'
    expect(z.encode(scalars.sender, scalars.sender.parse(checksummed.toLowerCase()))).toBe(checksummed)
    expect(codeOf(scalars.sender.safeParse(checksummed.replace('f39F', 'f39f')))).toBe('invalid_checksum')
    expect(codeOf(scalars.sender.safeParse('payroll'))).toBe('invalid_address')
  })

  test.each(['pool:', `pool:${'a'.repeat(65)}`, 'pool:A', 'pool:a b', 'pool:a\n', 'pool:é', 'pool:pool:a'])(
    '"%s" is no pool',
    (text) => {
      expect(codeOf(scalars.sender.safeParse(text))).toBe('invalid_pool')
    },
  )
})
