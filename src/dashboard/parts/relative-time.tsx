// A time as how long ago it is; exactly, in the title.

import { useNow } from './now.ts'
import { exactText, relativeText } from './time.ts'

export function RelativeTime({ at }: { readonly at: string }) {
  const text = useNow((nowMs) => relativeText(Date.parse(at), nowMs))
  return (
    <time class="number" dateTime={at} title={exactText(at)}>
      {text}
    </time>
  )
}
