// The chains and signers of the tenant, kept up to date while they are looked at.

import { useState } from 'preact/hooks'
import type { Api } from '../api/api.ts'
import type { Chain, Signer } from '../api/wire.ts'
import { usePoll } from '../page/use-poll.ts'

/** Milliseconds. A head moves with each block; reading it costs two objects. */
const POLL_MS = 2_000

export type Network = {
  /** null: not known yet. */
  readonly chains: readonly Chain[] | null
  readonly signers: readonly Signer[] | null
}

export function useNetwork(api: Api): Network {
  const [network, setNetwork] = useState<Network>({ chains: null, signers: null })
  usePoll('network', POLL_MS, async (signal) => {
    const [chains, signers] = await Promise.all([api.chains(signal), api.signers(signal)])
    setNetwork((before) => ({
      chains: chains.ok ? chains.value.data : before.chains,
      signers: signers.ok ? signers.value.data : before.signers,
    }))
    if (!chains.ok) return chains.error
    return signers.ok ? null : signers.error
  })
  return network
}

export function chainOf(network: Network, chain: string): Chain | null {
  return network.chains?.find((each) => each.chain === chain) ?? null
}

/** Until the chain is known its money has no name. */
export function symbolOf(network: Network, chain: string): string {
  return chainOf(network, chain)?.native_symbol ?? 'native'
}
