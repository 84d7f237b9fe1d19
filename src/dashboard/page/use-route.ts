// What the address says is shown: a view of the list and at most one transfer. Every state of the page has an address
// that can be shared.

import { useCallback, useEffect, useState } from 'preact/hooks'
import { isView, type View } from '../transfers/view.ts'

export type Route = { readonly transfer: string | null; readonly view: View }

export function routeHref({ transfer, view }: Route): string {
  const parameters = new URLSearchParams()
  if (view !== 'all') parameters.set('view', view)
  if (transfer !== null) parameters.set('transfer', transfer)
  return parameters.size > 0 ? `/?${parameters}` : '/'
}

function readRoute(): Route {
  const parameters = new URLSearchParams(window.location.search)
  const view = parameters.get('view') ?? 'all'
  return { transfer: parameters.get('transfer') || null, view: isView(view) ? view : 'all' }
}

export function useRoute(): readonly [Route, (change: Partial<Route>) => void] {
  const [route, setRoute] = useState<Route>(readRoute)

  useEffect(() => {
    const onPopState = () => setRoute(readRoute())
    window.addEventListener('popstate', onPopState)
    return () => window.removeEventListener('popstate', onPopState)
  }, [])

  const navigate = useCallback((change: Partial<Route>) => {
    const next = { ...readRoute(), ...change }
    const href = routeHref(next)
    if (href !== window.location.pathname + window.location.search) window.history.pushState(null, '', href)
    setRoute(next)
  }, [])

  return [route, navigate]
}
