// Bundles the Worker for the local runtime, with the options that wrangler uses for a deployment.

import { buildSync } from 'esbuild'

/** Synchronous: a third of a second, in which the chain starts in a process of its own. */
export function bundleWorker(main: string, outfile: string): void {
  buildSync({
    entryPoints: [main],
    outfile,
    bundle: true,
    format: 'esm',
    target: 'es2024',
    conditions: ['workerd', 'worker', 'browser'],
    external: ['cloudflare:*', 'node:*'],
    keepNames: true,
    sourcemap: 'linked',
    logLevel: 'warning',
  })
}
