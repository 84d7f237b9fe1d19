// All chains and signers with everything that is known of them.

import './network-dialog.css'
import type { ComponentChildren, RefObject } from 'preact'
import type { BlockReference, Chain, Signer } from '../api/wire.ts'
import { amountText, countText, group, nativeAmount } from '../parts/amount.ts'
import { CopyButton } from '../parts/copy-button.tsx'
import { Icon } from '../parts/icon.tsx'
import { shortHash } from '../parts/short-hash.ts'
import { durationText } from '../parts/time.ts'
import { standing } from './standing.ts'
import { type Network, symbolOf } from './use-network.ts'

type Props = { readonly dialog: RefObject<HTMLDialogElement | null>; readonly network: Network }

export function NetworkDialog({ dialog, network }: Props) {
  const { chains, signers } = network
  const close = () => dialog.current?.close()
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes a dialog by itself; this is the click beside it.
    <dialog
      ref={dialog}
      class="dialog network-dialog"
      aria-labelledby="network-title"
      onClick={(event) => event.target === event.currentTarget && close()}
    >
      <header class="dialog-head">
        <h2 id="network-title">Chains and signers</h2>
        <button type="button" class="button button-plain button-icon" aria-label="Close" onClick={close}>
          <Icon name="close" />
        </button>
      </header>
      <div class="network-cards">
        {chains?.map((chain) => (
          <ChainCard key={chain.chain} chain={chain} />
        ))}
        {signers?.map((signer) => (
          <SignerCard
            key={`${signer.chain}/${signer.address}`}
            signer={signer}
            symbol={symbolOf(network, signer.chain)}
          />
        ))}
      </div>
    </dialog>
  )
}

function ChainCard({ chain }: { readonly chain: Chain }) {
  const { head, finalized } = chain
  return (
    <Card title={<strong>{chain.name}</strong>} subject={chain}>
      <Fact name="Chain">
        <code>{chain.chain}</code>
      </Fact>
      <Fact name="Head">
        <Block block={head} what="head block hash" />
      </Fact>
      <Fact name="Final">
        <Block block={finalized} what="finalized block hash" />
      </Fact>
      <Fact name="Behind the head">
        {head === null || finalized === null ? '–' : `${group(head.number - finalized.number)} blocks`}
      </Fact>
      <Fact name="A block takes">{durationText(chain.block_time_ms)}</Fact>
    </Card>
  )
}

function SignerCard({ signer, symbol }: { readonly signer: Signer; readonly symbol: string }) {
  const balance = signer.balance === null ? null : nativeAmount(signer.balance, symbol)
  return (
    <Card
      title={
        <>
          <code title={signer.address}>{shortHash(signer.address, 6, 6)}</code>
          <CopyButton text={signer.address} what="signer address" />
        </>
      }
      subject={signer}
    >
      <Fact name="Balance">
        <span title={balance?.exact}>{balance === null ? '–' : amountText(balance)}</span>
      </Fact>
      <Fact name="Chain">
        <code>{signer.chain}</code>
      </Fact>
      <Fact name="Kind">{signer.visibility === 'private' ? 'private' : signer.kind}</Fact>
      <Fact name="Next nonce">{countText(signer.next_nonce)}</Fact>
      <Fact name="Waiting in its pool">{countText(signer.pool)}</Fact>
      <Fact name="Open nonce slots">{countText(signer.open_slots)}</Fact>
    </Card>
  )
}

type CardProps = {
  readonly title: ComponentChildren
  readonly subject: Chain | Signer
  readonly children: ComponentChildren
}

function Card({ title, subject, children }: CardProps) {
  const look = standing(subject)
  return (
    <article class="network-card">
      <h3>
        <span class="network-card-title">{title}</span>
        <span class={`network-standing tone-${look.tone}`} title={look.meaning}>
          <span class="network-dot" />
          {look.name}
        </span>
      </h3>
      <dl>{children}</dl>
    </article>
  )
}

function Fact({ name, children }: { readonly name: string; readonly children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd class="number">{children}</dd>
    </div>
  )
}

function Block({ block, what }: { readonly block: BlockReference | null; readonly what: string }) {
  if (block === null) return <>–</>
  return (
    <>
      {group(block.number)} <code title={block.hash}>{shortHash(block.hash)}</code>
      <CopyButton text={block.hash} what={what} />
    </>
  )
}
