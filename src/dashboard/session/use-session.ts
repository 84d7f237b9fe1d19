// Who is signed in, and why nobody is.

import { useCallback, useEffect, useState } from 'preact/hooks'
import { forgetKey, isKey, keepKey, loadKey, takeKeyFromAddress } from './key.ts'

export const KEY_REFUSED = 'This key was not accepted. It may be mistyped, revoked or of another deployment.'
export const KEY_MALFORMED = 'That is not a Waybill key: a key begins with wb_ and has no spaces.'

export type Session = {
  readonly key: string | null
  /** Why the page asks for a key; null: it simply has none. */
  readonly notice: string | null
  readonly signIn: (key: string, remember: boolean) => void
  readonly signOut: (notice?: string) => void
}

type State = Pick<Session, 'key' | 'notice'>

function begin(): State {
  const linked = takeKeyFromAddress()
  if (linked === null) return { key: loadKey(), notice: null }
  if (!isKey(linked)) return { key: null, notice: KEY_MALFORMED }
  keepKey(linked, false)
  return { key: linked, notice: null }
}

export function useSession(): Session {
  const [state, setState] = useState<State>(begin)

  const signIn = useCallback((key: string, remember: boolean) => {
    keepKey(key, remember)
    setState({ key, notice: null })
  }, [])

  const signOut = useCallback((notice: string | null = null) => {
    forgetKey()
    setState({ key: null, notice })
  }, [])

  useEffect(() => {
    // A link with a key that is pasted into this tab changes only the fragment: the page is not loaded again.
    const onHashChange = () => {
      if (window.location.hash.includes('key=')) setState(begin())
    }
    window.addEventListener('hashchange', onHashChange)
    return () => window.removeEventListener('hashchange', onHashChange)
  }, [])

  return { ...state, signIn, signOut }
}
