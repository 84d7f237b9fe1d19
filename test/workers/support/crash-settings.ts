// The settings of the Worker that is crashed: a chain for every run, all with the same signer. Objects are named by their
// chain, so every run begins with objects that were never used.

import { TEST_SIGNER, TEST_SIGNER_KEY } from './settings.ts'

const FIRST_REFERENCE = 50_001
/** Runs that one file of tests may make. */
const CHAINS = 900

export function crashSettings(chainsUrl: string) {
  const references = Array.from({ length: CHAINS }, (_, index) => FIRST_REFERENCE + index)
  return {
    CHAINS: JSON.stringify(
      references.map((reference) => ({
        chain: `eip155:${reference}`,
        name: 'Scripted',
        native_symbol: 'ETH',
        block_time_ms: 1_000,
        confirmations: 1,
        finality: { tag: true, min_depth: 1, depth: 8 },
        window: 16,
      })),
    ),
    RPC_ENDPOINTS: JSON.stringify(
      Object.fromEntries(
        references.map((reference) => [
          `eip155:${reference}`,
          [{ name: 'scripted', url: `${chainsUrl}/${reference}`, operator: 'nobody' }],
        ]),
      ),
    ),
    SIGNER_KEYS: JSON.stringify({ [TEST_SIGNER]: TEST_SIGNER_KEY }),
  }
}
