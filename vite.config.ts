// Builds the dashboard (src/dashboard) to static assets. Nothing is inlined into the pages, so that they run under
// `default-src 'self'`.

import { fileURLToPath } from 'node:url'
import preact from '@preact/preset-vite'
import { defineConfig } from 'vite'

function path(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url))
}

export default defineConfig({
  root: path('src/dashboard'),
  plugins: [preact()],
  build: {
    outDir: path('dist/dashboard'),
    emptyOutDir: true,
    target: 'es2022',
    // The first versions that know `light-dark()` and container queries: older ones would get neither theme right.
    cssTarget: ['chrome123', 'safari17.5', 'firefox120'],
    // A strict policy refuses data: URLs.
    assetsInlineLimit: 0,
    // There is one chunk, so there is nothing to preload; the polyfill would only be weight.
    modulePreload: { polyfill: false },
    rolldownOptions: { input: [path('src/dashboard/index.html'), path('src/dashboard/404.html')] },
  },
})
