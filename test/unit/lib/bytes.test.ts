// Guarantee: bytes have one text in hex and in base 32, and SHA-256 sees the parts that it is given as one.

import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { base32 } from '../../../src/shared/lib/base32.ts'
import { isHex } from '../../../src/shared/lib/hex.ts'
import { sha256, sha256Hex } from '../../../src/shared/lib/sha256.ts'
import { holds } from '../../support/property.ts'

describe('base 32', () => {
  // RFC 4648, section 10, in lower case and without the padding.
  test.each([
    ['', ''],
    ['f', 'my'],
    ['fo', 'mzxq'],
    ['foo', 'mzxw6'],
    ['foob', 'mzxw6yq'],
    ['fooba', 'mzxw6ytb'],
    ['foobar', 'mzxw6ytboi'],
  ])('of "%s" is "%s"', (text, encoded) => {
    expect(base32(new TextEncoder().encode(text))).toBe(encoded)
  })

  test('is the bytes as one number in base 32, filled up with zero bits at the end', () => {
    holds(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 64 }), (bytes) => {
        const digits = Math.ceil((bytes.length * 8) / 5)
        const number =
          BigInt(`0x${Buffer.from(bytes).toString('hex')}`) << BigInt(digits * 5 - bytes.length * 8)
        const alphabet = 'abcdefghijklmnopqrstuvwxyz234567'
        const text = [...number.toString(32).padStart(digits, '0')]
          .map((digit) => alphabet.charAt(Number.parseInt(digit, 32)))
          .join('')
        expect(base32(bytes)).toBe(text)
      }),
    )
  })
})

describe('hex', () => {
  test.each(['0x', '0x00', '0xdeadbeef', `0x${'0a'.repeat(100)}`])('%s is whole bytes', (text) => {
    expect(isHex(text)).toBe(true)
  })

  test.each(['', '00', '0X00', '0x0', '0x000', '0xDE', '0xgg', '0x00 ', ' 0x00', '0x00\n'])(
    '"%s" is not',
    (text) => {
      expect(isHex(text)).toBe(false)
    },
  )
})

test('the digest of parts is the digest of all of them in a row, text as UTF-8', () => {
  holds(
    fc.property(fc.string({ unit: 'binary' }), fc.uint8Array(), (text, bytes) => {
      const row = Buffer.concat([Buffer.from(text), bytes])
      const digest = createHash('sha256').update(row).digest('hex')
      expect(sha256Hex(text, bytes)).toBe(digest)
      expect(Buffer.from(sha256(text, bytes)).toString('hex')).toBe(digest)
    }),
  )
})
