// Guarantee: the next base fee is the chain's, to the wei, by whatever parameters the chain has.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type BaseFeeRule, mostBaseFee, nextBaseFee } from '../../../src/shared/fees/base-fee-rule.ts'
import { holds } from '../../support/property.ts'

/** Base fee, gas used, gas limit, next base fee: of the tests of go-ethereum, ethereumjs and alloy. */
type Vector = readonly [bigint, bigint, bigint, bigint]

const VECTORS: readonly { readonly rule: BaseFeeRule; readonly vectors: readonly Vector[] }[] = [
  {
    rule: { elasticity: 2n, denominator: 8n },
    vectors: [
      [1_049_238_967n, 0n, 2_000_000n, 918_084_097n],
      [1_049_238_967n, 10_000_000n, 16_000_000n, 1_082_027_684n],
      [1_072_671_875n, 9_000_000n, 16_000_000n, 1_089_432_373n],
      [1_072_671_875n, 9_000_000n, 14_000_000n, 1_110_981_584n],
      [1_000_000_000n, 10_000_000n, 10_000_000n, 1_125_000_000n],
      [1_072_671_875n, 9_000_000n, 10_000_000n, 1_179_939_062n],
      [1_049_238_967n, 10_000_000n, 12_000_000n, 1_136_675_547n],
      [1_059_263_476n, 10_001_000n, 12_000_000n, 1_147_557_500n],
      [1_000_000_000n, 10_000_000n, 12_000_000n, 1_083_333_333n],
      [1_000_000_000n, 11_000_000n, 20_000_000n, 1_012_500_000n],
      [1_100_000_000n, 10_000_000n, 12_000_000n, 1_191_666_666n],
      [7n, 10_000_000n, 10_000_000n, 8n],
      [1_100_000_000n, 9_000_000n, 14_000_000n, 1_139_285_714n],
      [1_000_000_000n, 9_000_000n, 20_000_000n, 987_500_000n],
      [1_000_000_000n, 10_000_000n, 14_000_000n, 1_053_571_428n],
      [1_100_000_000n, 9_000_000n, 10_000_000n, 1_210_000_000n],
      [1_049_238_967n, 10_000_000n, 18_000_000n, 1_063_811_730n],
      [1_086_250_000n, 9_000_000n, 16_000_000n, 1_103_222_656n],
      [2n, 10_000_000n, 18_000_000n, 3n],
      [1_049_238_967n, 0n, 4_000_000n, 918_084_097n],
      [1_049_238_967n, 0n, 14_000_000n, 918_084_097n],
      [1_059_263_476n, 10_001_000n, 14_000_000n, 1_116_028_649n],
      [1n, 10_000_000n, 18_000_000n, 2n],
      [1_059_263_476n, 10_001_000n, 18_000_000n, 1_073_990_180n],
      [1_086_250_000n, 9_000_000n, 14_000_000n, 1_125_044_642n],
      [1_049_238_967n, 0n, 6_000_000n, 918_084_097n],
      [1_049_238_967n, 10_000_000n, 14_000_000n, 1_105_448_197n],
      [1_059_276_716n, 16_000_000n, 18_000_000n, 1_162_261_952n],
      [1_100_000_000n, 10_000_000n, 18_000_000n, 1_115_277_777n],
    ],
  },
  {
    rule: { elasticity: 6n, denominator: 50n },
    vectors: [
      [1_049_238_967n, 10_000_000n, 18_000_000n, 1_098_203_452n],
      [1n, 10_000_000n, 18_000_000n, 2n],
      [1_072_671_875n, 9_000_000n, 10_000_000n, 1_167_067_046n],
      [1_000_000_000n, 10_000_000n, 14_000_000n, 1_065_714_297n],
      [1_059_263_476n, 10_001_000n, 14_000_000n, 1_128_881_311n],
      [2n, 10_000_000n, 18_000_000n, 3n],
    ],
  },
  {
    rule: { elasticity: 6n, denominator: 250n },
    vectors: [
      [1_000_000_000n, 10_000_000n, 14_000_000n, 1_013_142_859n],
      [1_000_000_000n, 10_000_000n, 12_000_000n, 1_016_000_000n],
      [1_059_263_476n, 10_001_000n, 14_000_000n, 1_073_187_043n],
      [0n, 10_000_000n, 18_000_000n, 1n],
    ],
  },
  {
    rule: { elasticity: 10n, denominator: 50n },
    vectors: [
      [2n, 10_000_000n, 18_000_000n, 3n],
      [1_000_000_000n, 10_000_000n, 12_000_000n, 1_146_666_666n],
      [1_059_263_476n, 10_001_000n, 14_000_000n, 1_189_416_692n],
      [1_049_238_967n, 10_000_000n, 18_000_000n, 1_144_836_295n],
      [1n, 10_000_000n, 18_000_000n, 2n],
    ],
  },
]

/** Consecutive blocks of ethereum/tests: base fee, gas used, gas limit. */
const SEQUENCES: Readonly<Record<string, readonly (readonly [bigint, bigint, bigint])[]>> = {
  besuBaseFeeBug_Cancun: [
    [95_522_417n, 0n, 30_000_001n],
    [83_582_115n, 30_000_001n, 30_000_001n],
    [94_029_880n, 34_533n, 30_000_001n],
  ],
  burnVerify_Cancun: [
    [1_000n, 0n, 10_000_000_000n],
    [875n, 75_438n, 10_000_000_000n],
    [766n, 118_038n, 10_000_000_000n],
    [671n, 118_038n, 10_000_000_000n],
    [588n, 260_047n, 10_000_000_000n],
    [515n, 260_047n, 10_000_000_000n],
    [451n, 260_047n, 10_000_000_000n],
    [395n, 74_934n, 10_000_000_000n],
  ],
  highDemand_Cancun: [
    [1_000n, 0n, 200_000n],
    [875n, 200_000n, 200_000n],
    [984n, 200_000n, 200_000n],
    [1_107n, 200_000n, 200_000n],
    [1_245n, 200_000n, 200_000n],
    [1_400n, 200_000n, 200_000n],
    [1_575n, 200_000n, 200_000n],
    [1_771n, 200_000n, 200_000n],
    [1_992n, 200_000n, 200_000n],
  ],
  intrinsic_Cancun: [
    [1_142n, 0n, 10_000_000_000n],
    [1_000n, 2_618_528n, 10_000_000_000n],
    [876n, 1_504_200n, 10_000_000_000n],
  ],
}

describe.each(VECTORS)(
  'by elasticity $rule.elasticity and denominator $rule.denominator',
  ({ rule, vectors }) => {
    test.each(vectors)('a base fee of %s, with %s of %s gas, becomes %s', (base, used, limit, next) => {
      expect(nextBaseFee(base, { used, limit }, rule)).toBe(next)
    })
  },
)

test.each(Object.entries(SEQUENCES))('%s: each block follows from the one before', (_, blocks) => {
  const next = blocks.map(([base, used, limit]) =>
    nextBaseFee(base, { used, limit }, { elasticity: 2n, denominator: 8n }),
  )
  expect(next.slice(0, -1)).toEqual(blocks.slice(1).map(([base]) => base))
})

test('no run of blocks takes it beyond what full ones would', () => {
  const rule = fc.record({
    elasticity: fc.bigInt({ min: 2n, max: 10n }),
    denominator: fc.bigInt({ min: 8n, max: 250n }),
  })
  const limit = 30_000_000n
  const used = fc.array(fc.bigInt({ min: 0n, max: limit }), { minLength: 1, maxLength: 20 })
  holds(
    fc.property(rule, used, fc.bigInt({ min: 0n, max: 10n ** 13n }), (parameters, blocks, base) => {
      let fee = base
      for (const gas of blocks) fee = nextBaseFee(fee, { used: gas, limit }, parameters)
      return fee <= mostBaseFee(base, parameters, blocks.length)
    }),
  )
})
