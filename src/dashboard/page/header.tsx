// The page's head: its name, the theme and the way out.

import './header.css'
import { Icon } from '../parts/icon.tsx'
import { Logo } from './logo.tsx'
import { ThemeButton } from './theme-button.tsx'

export function Header({ onSignOut }: { readonly onSignOut: () => void }) {
  return (
    <header class="header">
      <a class="header-home" href="/" aria-label="Waybill, all transfers">
        <Logo />
        <span>Waybill</span>
      </a>
      <nav class="header-links" aria-label="Waybill">
        <a href="/docs">API</a>
      </nav>
      <ThemeButton />
      <button type="button" class="button button-plain" onClick={onSignOut}>
        <Icon name="leave" />
        <span>Sign out</span>
      </button>
    </header>
  )
}
