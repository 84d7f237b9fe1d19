// The icons, 16 by 16, drawn with the text's color. They say nothing to a screen reader: a text always stands beside.

const PATHS = {
  copy: 'M5.75 5.75v-2a1 1 0 0 1 1-1h5.5a1 1 0 0 1 1 1v5.5a1 1 0 0 1-1 1h-2m-7.5-4.5h5.5a1 1 0 0 1 1 1v5.5a1 1 0 0 1-1 1h-5.5a1 1 0 0 1-1-1v-5.5a1 1 0 0 1 1-1Z',
  check: 'm3.25 8.5 3 3 6.5-7',
  close: 'm4 4 8 8m0-8-8 8',
  back: 'M9.75 3.25 5 8l4.75 4.75',
  chevron: 'm6 4 4 4-4 4',
  link: 'm6.75 9.25 2.5-2.5M7.25 4.75l1-1a2.83 2.83 0 0 1 4 4l-1 1m-2.5 2.5-1 1a2.83 2.83 0 0 1-4-4l1-1',
  sun: 'M8 5.25a2.75 2.75 0 1 1 0 5.5 2.75 2.75 0 0 1 0-5.5ZM8 1.75v.75m0 11v.75M14.25 8h-.75m-11 0h-.75m10.67-4.42-.53.530m-7.78 7.78-.53.530m8.84 0-.53-.53M4.11 4.11l-.53-.53',
  moon: 'M13.25 9.6A5.5 5.5 0 1 1 6.4 2.75a4.5 4.5 0 0 0 6.85 6.85Z',
  system: 'M2.75 3.75h10.5v7H2.75zM6 13.25h4M8 10.75v2.5',
  leave: 'M6.25 2.75h-2.5a1 1 0 0 0-1 1v8.5a1 1 0 0 0 1 1h2.5M10.25 11l3-3-3-3m3 3h-7',
  shield: 'M8 1.75 3 3.5v4c0 3.2 2 5.6 5 6.75 3-1.15 5-3.55 5-6.75v-4L8 1.75Zm-2.25 6.25L7.4 9.65l3-3.15',
  alert: 'M8 5.25v3.5m0 2.25v.01M8 1.75a6.25 6.25 0 1 1 0 12.5 6.25 6.25 0 0 1 0-12.5Z',
  offline:
    'M2 2l12 12M1.75 6.25a9 9 0 0 1 2.6-1.65m3.15-.8a9 9 0 0 1 6.75 2.45M4 8.75a5.8 5.8 0 0 1 2.75-1.5m3.25.350a5.8 5.8 0 0 1 2 1.15M6.25 11.25a2.6 2.6 0 0 1 3.5 0M8 13.5v.01',
  block: 'M8 1.75 13.25 4.75v6.5L8 14.25l-5.25-3v-6.5L8 1.75ZM2.75 4.75 8 7.75m0 0 5.25-3M8 7.75v6.5',
  pen: 'm9.5 3.75 2.75 2.75M3 13l.6-3.1 6.9-6.9a1.3 1.3 0 0 1 1.85 0l.65.650a1.3 1.3 0 0 1 0 1.85L6.1 12.4 3 13Z',
  eye: 'M1.75 8S4 3.75 8 3.75 14.25 8 14.25 8 12 12.25 8 12.25 1.75 8 1.75 8ZM8 6.25a1.75 1.75 0 1 1 0 3.5 1.75 1.75 0 0 1 0-3.5Z',
} as const

export type IconName = keyof typeof PATHS

export function Icon({ name, size = 16 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg
      aria-hidden="true"
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      stroke-width="1.5"
      stroke-linecap="round"
      stroke-linejoin="round"
    >
      <path d={PATHS[name]} />
    </svg>
  )
}
