// A hash, address or digest: its ends, the whole of it in the title and in the clipboard.

import './hash.css'
import { CopyButton } from './copy-button.tsx'
import { shortHash } from './short-hash.ts'

type Props = {
  readonly hash: string
  /** What it is, for the copy button's label. */
  readonly what: string
  readonly head?: number
  readonly tail?: number
}

export function Hash({ hash, what, head, tail }: Props) {
  return (
    <span class="hash">
      <code title={hash}>{shortHash(hash, head, tail)}</code>
      <CopyButton text={hash} what={what} />
    </span>
  )
}
