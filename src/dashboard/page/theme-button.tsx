// Goes through the themes: system, light, dark.

import { useState } from 'preact/hooks'
import { announce } from '../parts/announcer.tsx'
import { Icon, type IconName } from '../parts/icon.tsx'
import { currentTheme, setTheme, THEMES, type Theme } from './theme.ts'

const LOOKS: Record<Theme, { readonly icon: IconName; readonly name: string }> = {
  system: { icon: 'system', name: 'as the system' },
  light: { icon: 'sun', name: 'light' },
  dark: { icon: 'moon', name: 'dark' },
}

export function ThemeButton() {
  const [theme, setShown] = useState(currentTheme)
  const { icon, name } = LOOKS[theme]
  const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'system'
  const change = () => {
    setTheme(next)
    setShown(next)
    announce(`Theme: ${LOOKS[next].name}`)
  }
  return (
    <button
      type="button"
      class="button button-plain button-icon theme-button"
      aria-label={`Theme: ${name}. Change to: ${LOOKS[next].name}`}
      title={`Theme: ${name}`}
      onClick={change}
    >
      <Icon name={icon} />
    </button>
  )
}
