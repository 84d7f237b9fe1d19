// The views of the list, as links: each has an address.

import './view-links.css'
import { onPlainClick } from '../page/plain-click.ts'
import { routeHref } from '../page/use-route.ts'
import { VIEW_NAMES, VIEWS, type View } from './view.ts'

type Props = {
  readonly view: View
  readonly transfer: string | null
  readonly onSelect: (view: View) => void
}

export function ViewLinks({ view, transfer, onSelect }: Props) {
  return (
    <nav class="view-links" aria-label="Views">
      {VIEWS.map((each) => (
        <a
          key={each}
          href={routeHref({ view: each, transfer })}
          aria-current={each === view ? 'true' : undefined}
          onClick={onPlainClick(() => onSelect(each))}
        >
          {VIEW_NAMES[each]}
        </a>
      ))}
    </nav>
  )
}
