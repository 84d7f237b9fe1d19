// Where the chains are and how the signers stand, on one line. The whole of it opens on demand.

import './network-strip.css'
import { useRef } from 'preact/hooks'
import type { Chain, Signer } from '../api/wire.ts'
import { amountText, countText, shortNativeAmount } from '../parts/amount.ts'
import { Icon } from '../parts/icon.tsx'
import { shortHash } from '../parts/short-hash.ts'
import { NetworkDialog } from './network-dialog.tsx'
import { isWell, standing } from './standing.ts'
import { type Network, symbolOf } from './use-network.ts'

/** Beside each other on a wide screen; the rest is in the dialog. */
const CHAINS_SHOWN = 2
const SIGNERS_SHOWN = 2

export function NetworkStrip({ network }: { readonly network: Network }) {
  const dialog = useRef<HTMLDialogElement>(null)
  const { chains, signers } = network
  const shownChains = worstFirst(chains ?? []).slice(0, CHAINS_SHOWN)
  const shownSigners = worstFirst(signers ?? []).slice(0, SIGNERS_SHOWN)
  const hidden = (chains?.length ?? 0) + (signers?.length ?? 0) - shownChains.length - shownSigners.length
  return (
    <section class="network-strip" aria-label="Chains and signers">
      <ul class="network-items">
        {chains === null && <SkeletonItem />}
        {shownChains.map((chain) => (
          <ChainItem key={chain.chain} chain={chain} />
        ))}
        {signers === null && <SkeletonItem />}
        {shownSigners.map((signer) => (
          <SignerItem
            key={`${signer.chain}/${signer.address}`}
            signer={signer}
            symbol={symbolOf(network, signer.chain)}
          />
        ))}
        {signers?.length === 0 && <li class="network-item">No signer</li>}
      </ul>
      <button type="button" class="network-more" onClick={() => dialog.current?.showModal()}>
        {hidden > 0 ? `${hidden} more` : 'Details'}
        <Icon name="chevron" size={12} />
      </button>
      <NetworkDialog dialog={dialog} network={network} />
    </section>
  )
}

function ChainItem({ chain }: { readonly chain: Chain }) {
  const { name, head, finalized } = chain
  const look = standing(chain)
  return (
    <li class="network-item" title={`${chain.chain}: ${look.meaning}`}>
      <span class={`network-dot tone-${look.tone}`} />
      <strong>{name}</strong>
      {!isWell(chain) && <span class={`tone-${look.tone}`}>{look.name}</span>}
      <span>
        <span class="network-label">head </span>
        <span class="number">{countText(head?.number ?? null)}</span>
      </span>
      <span>
        <span class="network-label">final </span>
        <span class="number">{countText(finalized?.number ?? null)}</span>
      </span>
    </li>
  )
}

function SignerItem({ signer, symbol }: { readonly signer: Signer; readonly symbol: string }) {
  const look = standing(signer)
  const balance = signer.balance === null ? null : shortNativeAmount(signer.balance, symbol)
  return (
    <li class="network-item" title={`Signer ${signer.address} on ${signer.chain}: ${look.meaning}`}>
      <span class={`network-dot tone-${look.tone}`} />
      <code>{shortHash(signer.address)}</code>
      {!isWell(signer) && <span class={`tone-${look.tone}`}>{look.name}</span>}
      <span class="number" title={balance?.exact}>
        {balance === null ? '–' : amountText(balance)}
      </span>
      <span class="network-pool">
        <span class="network-label">pool </span>
        <span class="number">{countText(signer.pool)}</span>
      </span>
    </li>
  )
}

function SkeletonItem() {
  return (
    <li class="network-item" aria-hidden="true">
      <span class="skeleton skeleton-long" />
    </li>
  )
}

/** What is not well must be seen without opening anything. */
function worstFirst<T extends Chain | Signer>(items: readonly T[]): readonly T[] {
  return items.toSorted((a, b) => Number(isWell(a)) - Number(isWell(b)))
}
