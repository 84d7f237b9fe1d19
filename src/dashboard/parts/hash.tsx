// A hash, address or digest: its ends, the whole of it in the title and in the clipboard.

import './hash.css'
import { CopyButton } from './copy-button.tsx'

/** Characters kept at each end, the 0x not counted. */
const HEAD_CHARACTERS = 4
const TAIL_CHARACTERS = 4

export function shortHash(hash: string, head = HEAD_CHARACTERS, tail = TAIL_CHARACTERS): string {
  const start = head + (hash.startsWith('0x') ? 2 : hash.startsWith('tr_') ? 3 : 0)
  return hash.length <= start + tail + 1 ? hash : `${hash.slice(0, start)}…${hash.slice(-tail)}`
}

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
