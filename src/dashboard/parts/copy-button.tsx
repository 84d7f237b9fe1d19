// Copies a text and says so.

import './copy-button.css'
import { useEffect, useState } from 'preact/hooks'
import { announce } from './announcer.tsx'
import { Icon, type IconName } from './icon.tsx'

/** Milliseconds. Long enough to be seen, short enough to copy again. */
const COPIED_SHOWN_MS = 1_500

type Props = {
  readonly text: string
  /** What it is, for the label: `transaction hash`. */
  readonly what: string
  readonly icon?: IconName
}

export function CopyButton({ text, what, icon = 'copy' }: Props) {
  const [isCopied, setCopied] = useState(false)

  useEffect(() => {
    if (!isCopied) return
    const timer = setTimeout(() => setCopied(false), COPIED_SHOWN_MS)
    return () => clearTimeout(timer)
  }, [isCopied])

  const onClick = async () => {
    const isDone = await copy(text)
    setCopied(isDone)
    announce(isDone ? `Copied the ${what}` : `The browser did not allow copying the ${what}`)
  }

  return (
    <button
      type="button"
      class="copy-button"
      data-copied={isCopied}
      aria-label={`Copy ${what}`}
      title={isCopied ? 'Copied' : `Copy ${what}`}
      onClick={onClick}
    >
      <Icon name={isCopied ? 'check' : icon} size={14} />
    </button>
  )
}

/** Only pages on https or localhost may write to the clipboard. */
async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return false
  }
}
