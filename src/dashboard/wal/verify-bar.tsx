// Checks the log in this browser and says what came of it.

import './verify-bar.css'
import { useState } from 'preact/hooks'
import type { Api } from '../api/api.ts'
import { faultText } from '../api/fault.ts'
import type { LiveRecord } from '../live/live-cursor.ts'
import { announce } from '../parts/announcer.tsx'
import { CopyButton } from '../parts/copy-button.tsx'
import { Icon, type IconName } from '../parts/icon.tsx'
import { shortHash } from '../parts/short-hash.ts'
import { type Misfit, type Verified, verifyWal } from './verify.ts'

type Outcome =
  | { readonly at: 'unchecked' }
  | { readonly at: 'checking' }
  | { readonly at: 'verified'; readonly verified: Verified }
  | { readonly at: 'misfit'; readonly misfit: Misfit }
  | { readonly at: 'failed'; readonly text: string }

type Props = {
  readonly api: Api
  readonly id: string
  readonly records: readonly LiveRecord[]
  /** The log fits up to here; 0: that is not known. */
  readonly onVerified: (seq: number) => void
}

const ICONS: Record<Outcome['at'], IconName> = {
  unchecked: 'shield',
  checking: 'shield',
  verified: 'shield',
  misfit: 'alert',
  failed: 'alert',
}

export function VerifyBar({ api, id, records, onVerified }: Props) {
  const [outcome, setOutcome] = useState<Outcome>({ at: 'unchecked' })

  const verify = async () => {
    setOutcome({ at: 'checking' })
    const next = await check(api, id, records)
    setOutcome(next)
    onVerified(next.at === 'verified' ? next.verified.records : 0)
    announce(outcomeText(next))
  }

  return (
    <div class="verify-bar" data-outcome={outcome.at}>
      <Icon name={ICONS[outcome.at]} />
      <p>
        {outcomeText(outcome)}
        {outcome.at === 'verified' && <CopyButton text={outcome.verified.head} what="head digest" />}
      </p>
      <button type="button" class="button" disabled={outcome.at === 'checking'} onClick={verify}>
        {outcome.at === 'verified' ? 'Verify again' : 'Verify'}
      </button>
    </div>
  )
}

async function check(api: Api, id: string, records: readonly LiveRecord[]): Promise<Outcome> {
  if (globalThis.crypto?.subtle === undefined) {
    return {
      at: 'failed',
      text: 'This browser computes digests only on pages served over https or from localhost.',
    }
  }
  const wal = await api.wal(id)
  if (!wal.ok) return { at: 'failed', text: faultText(wal.error) }
  const result = await verifyWal(wal.value, id, records)
  return result.ok ? { at: 'verified', verified: result.value } : { at: 'misfit', misfit: result.error }
}

function outcomeText(outcome: Outcome): string {
  switch (outcome.at) {
    case 'unchecked':
      return 'The records form a SHA-256 chain, which this browser can recompute.'
    case 'checking':
      return 'Recomputing the digests…'
    case 'verified': {
      const { records, head } = outcome.verified
      return `Verified: ${records} ${records === 1 ? 'record' : 'records'} end in head ${shortHash(head, 6, 6)}`
    }
    case 'misfit':
      return misfitText(outcome.misfit)
    case 'failed':
      return `Not verified. ${outcome.text}`
  }
}

function misfitText({ reason, seq }: Misfit): string {
  switch (reason) {
    case 'object':
      return 'Not verified: this is the log of another object.'
    case 'gap':
      return `Not verified: the log breaks at seq ${seq}, a record is missing or doubled.`
    case 'digest':
      return `Not verified: seq ${seq} does not fit its digest.`
    case 'head':
      return `Not verified: the log does not end in its head at seq ${seq}.`
    case 'shown':
      return `Not verified: seq ${seq} is not the record that was shown here live.`
  }
}
