// `npm run test:full`: all tests in their long forms. Takes about an hour on two cores. Arguments go to Vitest.

import process from 'node:process'

/** Kills of the whole runtime behind faulty endpoints, test/crash. */
process.env.WAYBILL_KILLS ??= '1000'

// Only now: it starts the tests with this environment.
await import('./test.ts')
