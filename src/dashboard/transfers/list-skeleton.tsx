// The list's shape before the first answer, as high as its rows.

import '../parts/skeleton.css'

const ROWS = ['a', 'b', 'c', 'd', 'e', 'f']

export function ListSkeleton() {
  return (
    <ul class="transfer-list" aria-label="Loading transfers">
      {ROWS.map((row) => (
        <li key={row} class="transfer-row" aria-hidden="true">
          <span class="row-status">
            <span class="skeleton" />
          </span>
          <span class="row-amount">
            <span class="skeleton" />
          </span>
          <span class="row-to">
            <span class="skeleton" />
          </span>
          <span class="row-time">
            <span class="skeleton skeleton-short" />
          </span>
        </li>
      ))}
    </ul>
  )
}
