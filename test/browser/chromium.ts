// The browser of these tests: a whole Chromium from npm, nothing of the machine's own.

import bundled from '@sparticuz/chromium'
import { type Browser, chromium } from 'playwright-core'

/**
 * Of the package's own arguments, which are for one short page in a function: one process for everything does not
 * outlive its first page, and a page must keep the browser's rules on foreign origins here.
 */
const UNFIT = ['--single-process', '--disable-web-security', '--allow-running-insecure-content']

export async function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: await bundled.executablePath(),
    args: [
      ...bundled.args.filter((argument) => !UNFIT.includes(argument)),
      '--disable-background-networking',
      '--no-first-run',
    ],
  })
}
