// What one block says of fees, as `eth_feeHistory` tells it.

/** Percentiles of the gas of a block, by the priority fee that was paid for it, at which tips are kept; lowest first. */
export const TIP_PERCENTILES = [10, 30, 50, 70, 90] as const

export type BlockFees = {
  readonly number: number
  /** Wei per unit of gas. */
  readonly base_fee: bigint
  /** Gas used to gas limit, 0 to 1. Null: nobody told. */
  readonly gas_ratio: number | null
  /** Wei per unit of gas at each of TIP_PERCENTILES. Empty: nobody was in the block, or nobody told. */
  readonly tips: readonly bigint[]
}
