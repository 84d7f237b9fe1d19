// The page's one live region: what changes without being asked for is also told to screen readers.

import { useEffect, useState } from 'preact/hooks'

let tell: (text: string) => void = () => {}

export function announce(text: string): void {
  tell(text)
}

export function Announcer() {
  const [text, setText] = useState('')
  useEffect(() => {
    tell = setText
    return () => {
      tell = () => {}
    }
  }, [])
  return (
    <div class="visually-hidden" role="status" aria-live="polite">
      {text}
    </div>
  )
}
