// The mark: a W that is a way with its stops.

export function Logo({ size = 24 }: { readonly size?: number }) {
  return (
    <svg class="logo-mark" aria-hidden="true" width={size} height={size} viewBox="0 0 32 32">
      <rect class="logo-ground" width="32" height="32" rx="8" />
      <path d="m7.5 10.5 4 12 4.5-9.5 4.5 9.5 4-12" />
    </svg>
  )
}
