// What a node's recent blocks say about the price of the next one.

/** Wei per unit of gas. */
export type FeeSuggestion = { readonly next_base_fee: bigint; readonly priority_fee: bigint }
