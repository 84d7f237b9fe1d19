// The folders of src/shared, in the order in which they may import each other: only what stands before.

export const DOMAIN_FOLDERS = [
  'transfer',
  'pool',
  'signer',
  'batch',
  'chain',
  'wal',
  'archive',
  'fees',
  'routing',
  'broadcast',
  'tenancy',
] as const

/** Folders of one rank may import each other. */
export const SHARED_RANKS: readonly (readonly string[])[] = [
  ['lib'],
  DOMAIN_FOLDERS,
  ['schema'],
  ['ports'],
  ['adapters'],
]

/** No clock, randomness, network or storage; nothing to wait for. */
export const PURE_FOLDERS: readonly string[] = ['lib', ...DOMAIN_FOLDERS].map((name) => `src/shared/${name}`)
