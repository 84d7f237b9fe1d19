// Stands in for a page that could not be drawn: an empty one would tell nobody what to do.

import './crash-notice.css'

export function CrashNotice({ error }: { readonly error: unknown }) {
  return (
    <main class="crash">
      <h1>This page has failed</h1>
      <p>Your transfers have not: they go on without it. Load it again, and tell us if it fails again.</p>
      <pre>{error instanceof Error ? error.message : String(error)}</pre>
      <button type="button" class="button button-primary" onClick={() => window.location.reload()}>
        Load again
      </button>
    </main>
  )
}
