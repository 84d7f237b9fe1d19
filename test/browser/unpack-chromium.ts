// Before any file of these tests: two that unpack the browser at once may start it while it is written.

import bundled from '@sparticuz/chromium'

export async function setup(): Promise<void> {
  await bundled.executablePath()
}
