// What others would have paid, as the read model keeps it: JSON, amounts as decimal text.

import { z } from 'zod'
import type { FeeBaseline } from '../fees/fee-baseline.ts'
import { uint256 } from './scalars.ts'

const price = z.strictObject({ base_fee: uint256, tip: uint256 })

export const feeBaselineJson = z.strictObject({
  base_fee: uint256,
  libraries: z.strictObject({ viem: price, ethers: price, geth: price }),
})

feeBaselineJson satisfies z.ZodType<FeeBaseline>
