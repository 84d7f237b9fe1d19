// Which row a key moves to; null: the key is not for the list.

/** Rows: about a screen. */
const PAGE_ROWS = 10

export function nextIndex(key: string, index: number, length: number): number | null {
  if (length === 0) return null
  const last = length - 1
  switch (key) {
    case 'ArrowDown':
    case 'j':
      return Math.min(last, index + 1)
    case 'ArrowUp':
    case 'k':
      return Math.max(0, index - 1)
    case 'PageDown':
      return Math.min(last, index + PAGE_ROWS)
    case 'PageUp':
      return Math.max(0, index - PAGE_ROWS)
    case 'Home':
      return 0
    case 'End':
      return last
    default:
      return null
  }
}
