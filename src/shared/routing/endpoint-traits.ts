// What the settings say of an endpoint, but its URL: that is a secret, and nothing is decided by it.

/** What an endpoint can do. */
export type Capabilities = {
  /** Takes JSON-RPC batches. */
  readonly batches: boolean
  /** Has eth_getBlockReceipts. */
  readonly block_receipts: boolean
  /** Has a WebSocket with eth_subscribe. */
  readonly subscriptions: boolean
  /** Takes transactions. */
  readonly broadcasts: boolean
  /** Answers questions. */
  readonly reads: boolean
}

export type EndpointTraits = {
  readonly name: string
  readonly operator: string
  /** Of the load, beside the others' weights. */
  readonly weight: number
  /** Its transactions are not seen by the public. */
  readonly isPrivate: boolean
  /** Requests a second, of everybody together; null: as many as it bears. */
  readonly rate: number | null
  readonly capabilities: Capabilities
}

export const ALL_CAPABILITIES: Capabilities = {
  batches: true,
  block_receipts: true,
  subscriptions: true,
  broadcasts: true,
  reads: true,
}
