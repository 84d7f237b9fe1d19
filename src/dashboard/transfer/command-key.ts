// The Idempotency-Key of a wish to cancel: the same until it was answered for good, over reloads of the page too. An
// answer that got lost is so asked for again, and not the cancel.

const STORAGE_PREFIX = 'waybill.cancel.'

const unstored = new Map<string, string>()

export function commandKey(transfer: string): string {
  const kept = load(transfer)
  if (kept !== null) return kept
  const key = randomUuid()
  unstored.set(transfer, key)
  try {
    sessionStorage.setItem(STORAGE_PREFIX + transfer, key)
  } catch {
    // Kept as long as the page.
  }
  return key
}

export function forgetCommandKey(transfer: string): void {
  unstored.delete(transfer)
  try {
    sessionStorage.removeItem(STORAGE_PREFIX + transfer)
  } catch {
    // It was never stored.
  }
}

function load(transfer: string): string | null {
  try {
    return sessionStorage.getItem(STORAGE_PREFIX + transfer) ?? unstored.get(transfer) ?? null
  } catch {
    return unstored.get(transfer) ?? null
  }
}

/** `crypto.randomUUID` is missing on pages that are neither https nor localhost; this is not. */
function randomUuid(): string {
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID()
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
