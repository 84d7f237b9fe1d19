// Guarantee: the same tenant and key always name the same transfer, and no other pair ever does.

import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isTransferId, transferId } from '../../../src/shared/transfer/transfer-id.ts'
import { tenant } from '../../support/arbitraries.ts'
import { tenantIdOf } from '../../support/domain-values.ts'
import { holds } from '../../support/property.ts'

const key = fc.string({ unit: 'binary', minLength: 1 })

test('an id that was given out stays what it is', () => {
  const id = transferId(tenantIdOf('acme'), 'invoice-1')
  expect(id).toBe('tr_eszfuutokkdxz5l5cvoyqb6otar5r7ggw3r2weyem5vgfxztsxwa')
})

test('an id is SHA-256 over frame, tenant and key, each with its length in front', () => {
  holds(
    fc.property(tenant, key, (owner, name) => {
      const hash = createHash('sha256').update('waybill/transfer/1')
      for (const part of [owner, name]) {
        const bytes = Buffer.from(part)
        const length = Buffer.alloc(4)
        length.writeUInt32BE(bytes.length)
        hash.update(length).update(bytes)
      }
      const digest = BigInt(`0x${hash.digest('hex')}`) << 4n
      const digits = [...digest.toString(32).padStart(52, '0')]
      const text = digits.map((digit) =>
        'abcdefghijklmnopqrstuvwxyz234567'.charAt(Number.parseInt(digit, 32)),
      )
      expect(transferId(owner, name)).toBe(`tr_${text.join('')}`)
    }),
  )
})

test('where the tenant ends and the key begins makes another id: no tenant reaches the transfer of another', () => {
  holds(
    fc.property(fc.stringMatching(/^[a-z0-9]{3,20}$/), fc.nat(), fc.nat(), (row, one, other) => {
      const [first, second] = [1 + (one % (row.length - 1)), 1 + (other % (row.length - 1))]
      fc.pre(first !== second)
      const ids = [first, second].map((end) => transferId(tenantIdOf(row.slice(0, end)), row.slice(end)))
      expect(new Set(ids).size).toBe(2)
    }),
  )
})

test('pairs that differ have ids that differ', () => {
  const pairs = fc.uniqueArray(fc.tuple(tenant, key), { selector: ([owner, name]) => `${owner} ${name}` })
  holds(
    fc.property(pairs, (several) => {
      expect(new Set(several.map(([owner, name]) => transferId(owner, name))).size).toBe(several.length)
    }),
  )
})

test('every id is known as one, and nothing else is', () => {
  holds(
    fc.property(tenant, key, (owner, name) => {
      expect(isTransferId(transferId(owner, name))).toBe(true)
    }),
  )
  const id = transferId(tenantIdOf('acme'), 'invoice-1')
  const others = [id.toUpperCase(), id.slice(3), `${id}a`, id.slice(0, -1), `${id.slice(0, -1)}b`, `${id}\n`]
  for (const other of others) expect(isTransferId(other), other).toBe(false)
})
