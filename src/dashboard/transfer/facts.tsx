// What is known of a transfer. What is not known yet has its place already, so that nothing moves when it comes.

import './facts.css'
import type { ComponentChildren } from 'preact'
import type { Step, Transfer } from '../api/wire.ts'
import { type Action, dataSizeText, fullAmount, kindText, type SingleAction } from '../parts/action.ts'
import { amountText, countText, group, gweiAmount, nativeAmount, tokenAmount } from '../parts/amount.ts'
import { CopyButton } from '../parts/copy-button.tsx'
import { Hash } from '../parts/hash.tsx'
import { RelativeTime } from '../parts/relative-time.tsx'
import { Sender } from '../parts/sender.tsx'

type Props = { readonly transfer: Transfer; readonly chainName: string; readonly symbol: string }

export function Facts({ transfer, chainName, symbol }: Props) {
  const step = transfer.steps[0]
  return (
    <div class="facts">
      {step !== undefined && <OnChain transfer={transfer} step={step} symbol={symbol} />}
      <section>
        <h2>Transfer</h2>
        <dl>
          <Fact name="From">
            <Sender from={transfer.from} />
          </Fact>
          <ActionFacts action={transfer.action} symbol={symbol} />
          <Fact name="Chain">
            <span title={transfer.chain}>{chainName}</span>
          </Fact>
          <Fact name="Reference">{transfer.reference ?? '–'}</Fact>
          <Wishes transfer={transfer} />
          <Fact name="Created">
            <RelativeTime at={transfer.created_at} />
          </Fact>
          <Fact name="Changed">
            <RelativeTime at={transfer.updated_at} />
          </Fact>
        </dl>
      </section>
    </div>
  )
}

type StepProps = { readonly transfer: Transfer; readonly step: Step; readonly symbol: string }

function OnChain({ transfer, step, symbol }: StepProps) {
  const fee = step.fee_paid === null ? null : nativeAmount(step.fee_paid, symbol)
  const delivered = deliveredAmount(transfer, step, symbol)
  return (
    <section>
      <h2>On the chain</h2>
      <dl>
        <Fact name="Transaction">
          {step.hash === null ? '–' : <Hash hash={step.hash} what="transaction hash" />}
        </Fact>
        <Fact name="Block">
          {countText(step.block_number)}
          {step.block_hash !== null && <CopyButton text={step.block_hash} what="block hash" />}
        </Fact>
        <Fact name="Confirmations">{confirmationsText(transfer, step)}</Fact>
        {step.signer !== null && step.signer !== transfer.from && (
          <Fact name="Signer">
            <Hash hash={step.signer} what="signer" />
          </Fact>
        )}
        <Fact name="Nonce">{countText(step.nonce)}</Fact>
        <Fact name="Fee paid">{fee === null ? '–' : <span title={fee.exact}>{amountText(fee)}</span>}</Fact>
        <Fact name="Gas used">{countText(step.gas_used)}</Fact>
        {delivered !== null && (
          <Fact name="Delivered">
            <span class="tone-amber">{delivered}</span>
          </Fact>
        )}
        {step.attempts.length > 1 && <Fact name="Attempts">{group(step.attempts.length)}</Fact>}
        {step.generation > 0 && <Fact name="Generation">{group(step.generation)}</Fact>}
      </dl>
    </section>
  )
}

/** Nobody counts any more what nothing can undo. */
function confirmationsText({ status, confirmations_needed: needed }: Transfer, step: Step): string {
  if (status === 'finalized') return 'Final'
  return `${countText(step.confirmations ?? null)} of ${group(needed)}`
}

/** Only where another amount arrived than was sent: such a token takes a fee of its own. */
function deliveredAmount({ action }: Transfer, step: Step, symbol: string): string | null {
  const { delivered_amount: delivered } = step
  const isCounted = action.type === 'native' || action.type === 'erc20'
  if (delivered === null || !isCounted || delivered === action.amount) return null
  return amountText(action.type === 'erc20' ? tokenAmount(delivered) : nativeAmount(delivered, symbol))
}

function ActionFacts({ action, symbol }: { readonly action: Action; readonly symbol: string }) {
  if (action.type !== 'batch') return <SingleFacts action={action} />
  return (
    <>
      <Fact name="Kind">{kindText(action)}: all of them or none</Fact>
      {action.actions.map((part, index) => (
        <Fact name={`Action ${index + 1}`} key={`${index} ${part.to}`}>
          {kindText(part)} {amountText(fullAmount(part, symbol))} → <Hash hash={part.to} what="recipient" />
        </Fact>
      ))}
    </>
  )
}

function SingleFacts({ action }: { readonly action: SingleAction }) {
  return (
    <>
      <Fact name="To">
        <Hash hash={action.to} what="recipient" />
      </Fact>
      {action.type === 'erc20' && (
        <Fact name="Token">
          <Hash hash={action.token} what="token address" />
        </Fact>
      )}
      {action.type === 'call' && (
        <Fact name="Call data">
          {dataSizeText(action.data)}
          <CopyButton text={action.data} what="call data" />
        </Fact>
      )}
      <Fact name="Kind">{kindText(action)}</Fact>
    </>
  )
}

/** What the client asked for beyond the action; most ask for nothing. */
function Wishes({ transfer }: { readonly transfer: Transfer }) {
  const { speed, visibility, not_before, deadline, max_fee_per_gas, tags, fee_cap } = transfer
  const cap = max_fee_per_gas === null ? null : gweiAmount(max_fee_per_gas)
  return (
    <>
      {tags.length > 0 && (
        <Fact name="Tags">
          {tags.map((tag) => (
            <span key={tag} class="tag">
              {tag}
            </span>
          ))}
        </Fact>
      )}
      <Fact name="Speed">{speed}</Fact>
      {visibility !== undefined && <Fact name="Visibility">{visibility}</Fact>}
      {not_before !== null && (
        <Fact name="Not before">
          <RelativeTime at={not_before} />
        </Fact>
      )}
      {deadline !== null && (
        <Fact name="Deadline">
          <RelativeTime at={deadline} />
        </Fact>
      )}
      {cap !== null && (
        <Fact name="Fee cap">
          <span title={cap.exact}>{amountText(cap)}</span>
        </Fact>
      )}
      {fee_cap !== undefined && (
        <Fact name="Waits for fees under">
          {amountText(gweiAmount(fee_cap.max_fee_per_gas))}, the cap of its {fee_cap.by}
        </Fact>
      )}
    </>
  )
}

function Fact({ name, children }: { readonly name: string; readonly children: ComponentChildren }) {
  return (
    <div class="fact">
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}
