// The API key of this tab: taken from the link that was followed, or kept by the browser.

const STORAGE_NAME = 'waybill.key'

/** What may stand in a header and in Sec-WebSocket-Protocol (RFC 9110 token): else neither could carry it. */
const KEY_PATTERN = /^wb_[\w!#$%&'*+.^`|~-]+$/

/** The browser may refuse storage: then the key lives as long as the page. */
let unstored: string | null = null

export function isKey(text: string): boolean {
  return KEY_PATTERN.test(text)
}

/** The key of `#key=wb_...`, removed from the address bar and the history: an address is copied and shown around. */
export function takeKeyFromAddress(): string | null {
  const fragment = new URLSearchParams(window.location.hash.slice(1))
  const key = fragment.get('key')
  if (key === null) return null
  fragment.delete('key')
  const rest = fragment.size > 0 ? `#${fragment}` : ''
  window.history.replaceState(
    window.history.state,
    '',
    `${window.location.pathname}${window.location.search}${rest}`,
  )
  return key
}

export function loadKey(): string | null {
  try {
    return sessionStorage.getItem(STORAGE_NAME) ?? localStorage.getItem(STORAGE_NAME)
  } catch {
    return unstored
  }
}

/** For this tab; with `remember`, for this device until signed out. */
export function keepKey(key: string, remember: boolean): void {
  try {
    sessionStorage.setItem(STORAGE_NAME, key)
    if (remember) localStorage.setItem(STORAGE_NAME, key)
  } catch {
    unstored = key
  }
}

export function forgetKey(): void {
  unstored = null
  try {
    sessionStorage.removeItem(STORAGE_NAME)
    localStorage.removeItem(STORAGE_NAME)
  } catch {
    // Nothing was stored.
  }
}
