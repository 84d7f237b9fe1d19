// The settings of the Worker under test in workerd.

export const TEST_CHAIN = 'eip155:31337'

/** Well-known development keys of every local node: worthless anywhere else. */
export const TEST_SIGNER = '0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266'
export const TEST_SIGNER_KEY = '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80'

/** `rpcUrl`: of the chain's only endpoint. */
export const settingsFor = (rpcUrl: string) => ({
  CHAINS: JSON.stringify([
    {
      chain: TEST_CHAIN,
      name: 'Test chain',
      native_symbol: 'ETH',
      block_time_ms: 1_000,
      confirmations: 1,
      finality: { tag: true, min_depth: 1, depth: 8 },
      window: 16,
    },
  ]),
  RPC_ENDPOINTS: JSON.stringify({
    [TEST_CHAIN]: [{ name: 'silent', url: rpcUrl, operator: 'nobody' }],
  }),
  SIGNER_KEYS: JSON.stringify({ [TEST_SIGNER]: TEST_SIGNER_KEY }),
})
