// Asks for an API key, and says why when one was not taken.

import './sign-in.css'
import { useEffect, useRef, useState } from 'preact/hooks'
import { createApi } from '../api/api.ts'
import { faultText } from '../api/fault.ts'
import { Logo } from '../page/logo.tsx'
import { ThemeButton } from '../page/theme-button.tsx'
import { Icon } from '../parts/icon.tsx'
import { isKey } from './key.ts'
import { KEY_MALFORMED, KEY_REFUSED } from './use-session.ts'

type Props = { readonly notice: string | null; readonly onSignIn: (key: string, remember: boolean) => void }

export function SignIn({ notice, onSignIn }: Props) {
  const [error, setError] = useState(notice)
  const [isBusy, setBusy] = useState(false)

  const onSubmit = async (event: SubmitEvent) => {
    event.preventDefault()
    if (!(event.currentTarget instanceof HTMLFormElement)) return
    const form = new FormData(event.currentTarget)
    const key = String(form.get('key')).trim()
    if (!isKey(key)) return setError(KEY_MALFORMED)
    setBusy(true)
    const fault = await tryKey(key)
    setBusy(false)
    if (fault === null) onSignIn(key, form.get('remember') === 'on')
    else setError(fault)
  }

  return (
    <main class="sign-in">
      <form class="sign-in-card" onSubmit={onSubmit} novalidate>
        <Logo size={36} />
        <h1>Sign in to Waybill</h1>
        <p class="sign-in-lead">With an API key of your tenant. It stays in this browser.</p>
        <label for="key">API key</label>
        <KeyField isRefused={error !== null} />
        <p id="key-error" class="key-error" role="alert">
          {error}
        </p>
        <label class="remember">
          <input type="checkbox" name="remember" />
          <span>Remember on this device</span>
        </label>
        <button type="submit" class="button button-primary" disabled={isBusy}>
          {isBusy ? 'Checking…' : 'Sign in'}
        </button>
        <p class="sign-in-hint">
          On your own machine <code>npm start</code> prints a key and a link that signs you in.
        </p>
      </form>
      <div class="sign-in-theme">
        <ThemeButton />
      </div>
    </main>
  )
}

function KeyField({ isRefused }: { readonly isRefused: boolean }) {
  const input = useRef<HTMLInputElement>(null)
  const [isShown, setShown] = useState(false)

  // It is the only thing to do here.
  useEffect(() => input.current?.focus(), [])

  return (
    <div class="key-field" data-invalid={isRefused}>
      <input
        id="key"
        name="key"
        {...(isShown ? { type: 'text' } : { type: 'password' })}
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        placeholder="wb_…"
        required
        ref={input}
        aria-invalid={isRefused}
        aria-describedby="key-error"
      />
      <button
        type="button"
        class="button button-plain button-icon"
        aria-label="Show the key"
        aria-pressed={isShown}
        title={isShown ? 'Hide the key' : 'Show the key'}
        onClick={() => setShown(!isShown)}
      >
        <Icon name="eye" />
      </button>
    </div>
  )
}

/** What is wrong with it, in words; null: nothing. */
async function tryKey(key: string): Promise<string | null> {
  const answer = await createApi(key).transfers({ limit: 1 })
  if (answer.ok) return null
  return answer.error.reason === 'unauthorized'
    ? (answer.error.detail ?? KEY_REFUSED)
    : faultText(answer.error)
}
