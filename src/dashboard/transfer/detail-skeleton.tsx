// A transfer's shape before the first answer.

import '../parts/skeleton.css'

export function DetailSkeleton() {
  return (
    <div class="detail-skeleton" aria-hidden="true">
      <span class="skeleton skeleton-long" />
      <span class="skeleton" />
      <span class="skeleton skeleton-long" />
      <span class="skeleton skeleton-long" />
      <span class="skeleton" />
    </div>
  )
}
