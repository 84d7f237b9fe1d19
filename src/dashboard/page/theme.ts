// Light, dark, or as the system has it. theme.js sets it before the first paint; this changes it.

export const THEMES = ['system', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

const STORAGE_NAME = 'waybill.theme'

export function currentTheme(): Theme {
  const { theme } = document.documentElement.dataset
  return theme === 'light' || theme === 'dark' ? theme : 'system'
}

export function setTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = theme
  try {
    if (theme === 'system') localStorage.removeItem(STORAGE_NAME)
    else localStorage.setItem(STORAGE_NAME, theme)
  } catch {
    // It holds for this page.
  }
}
