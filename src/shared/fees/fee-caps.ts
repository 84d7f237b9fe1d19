// The most that may be bid, and who says so. Pure.

/** Wei per unit of gas. Null: no cap. */
export type FeeCaps = {
  /** What the transfer may bid. */
  readonly transfer: bigint | null
  /** What the account may bid, whatever for. */
  readonly signer: bigint | null
  /** What anybody may bid on this chain: against a node that tells prices which nobody asks for. */
  readonly chain: bigint | null
}

export const CAP_OWNERS = ['transfer', 'signer', 'chain'] as const
export type CapOwner = (typeof CAP_OWNERS)[number]

export type Cap = { readonly most: bigint; readonly by: CapOwner }

/** Of an account, whatever it bids for. */
export type AccountCaps = Omit<FeeCaps, 'transfer'>

export function capsOf(transfer: bigint | null, { signer, chain }: AccountCaps = NO_CAPS): FeeCaps {
  return { transfer, signer, chain }
}

export function sameCap(one: Cap | null, other: Cap | null): boolean {
  return one?.by === other?.by && one?.most === other?.most
}

export const NO_CAPS: FeeCaps = { transfer: null, signer: null, chain: null }

/** The lowest; of two that are the same, the one whose owner can change it first. */
export function lowestCap(caps: FeeCaps): Cap | null {
  let lowest: Cap | null = null
  for (const by of CAP_OWNERS) {
    const most = caps[by]
    if (most !== null && (lowest === null || most < lowest.most)) lowest = { most, by }
  }
  return lowest
}
