// Which tests run where. `unit`, `house` and `sim` need nothing but Node; `workers` runs inside workerd; `chain`, `crash` and
// `browser` start the whole stack, each file its own on free ports.

import { cloudflareTest, readD1Migrations } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'
import { crashSettings } from './test/workers/support/crash-settings.ts'
import { startScriptedChains } from './test/workers/support/scripted-chain.ts'
import { settingsFor } from './test/workers/support/settings.ts'
import { startSilentChain } from './test/workers/support/silent-chain.ts'

// The settings of the Worker under test, where wrangler looks for variables and secrets.
Object.assign(process.env, settingsFor(await startSilentChain()))

/** Two cores: more at once only makes each of them late. */
const WORKERS_MAX = 2
/** Milliseconds. Tests without a stack take far less; on a machine that does other things as well they may not. */
const BUSY_TIMEOUT_MS = 60_000
/** Milliseconds. A stack is up in a few seconds; finality on the test chain takes about five. */
const STACK_TEST_TIMEOUT_MS = 120_000
/** Milliseconds. Thousands of histories, on a machine that may have other work. */
const SIM_TEST_TIMEOUT_MS = 600_000

/** Of the test runner: what it was still looking up, or a line of a log that it was still handing on, when a file had ended. */
const UNDER_WAY = ['resolve', 'onUserConsoleLog'].map(
  (what) => `[vitest-worker]: Closing rpc while "${what}" was pending`,
)

const stackProject = (name: string) => ({
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    testTimeout: STACK_TEST_TIMEOUT_MS,
    hookTimeout: STACK_TEST_TIMEOUT_MS,
  },
})

export default defineConfig({
  test: {
    maxWorkers: WORKERS_MAX,
    // The Worker's own log lines: what they say is asserted where it matters.
    onConsoleLog: (log) => !log.startsWith('{"level":'),
    // A message of a queue that comes when a file of `workers` is at its end: the harness was about to look the Worker up for it,
    // or had a line of its log to hand on.
    onUnhandledError: ({ message }) => !UNDER_WAY.some((words) => message.includes(words)),
    projects: [
      // Pure code leaves nothing behind, so its files share what they import: a third of the time.
      {
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          isolate: false,
          testTimeout: BUSY_TIMEOUT_MS,
        },
      },
      { test: { name: 'sim', include: ['test/sim/**/*.test.ts'], testTimeout: SIM_TEST_TIMEOUT_MS } },
      { test: { name: 'house', include: ['test/house/**/*.test.ts'], testTimeout: BUSY_TIMEOUT_MS } },
      {
        plugins: [
          cloudflareTest(async () => ({
            wrangler: { configPath: './wrangler.toml' },
            miniflare: {
              verbose: false,
              bindings: { TEST_MIGRATIONS: await readD1Migrations('./migrations') },
            },
          })),
        ],
        test: {
          name: 'workers',
          include: ['test/workers/**/*.test.ts'],
          exclude: ['test/workers/crash/**'],
          setupFiles: ['./test/workers/support/apply-migrations.ts'],
          testTimeout: BUSY_TIMEOUT_MS,
        },
      },
      {
        // As `workers`, with objects that crash where a test says so.
        plugins: [
          cloudflareTest(async () => ({
            main: './test/workers/crash/crashing-main.ts',
            wrangler: { configPath: './wrangler.toml' },
            miniflare: {
              verbose: false,
              bindings: {
                ...crashSettings(await startScriptedChains()),
                TEST_MIGRATIONS: await readD1Migrations('./migrations'),
              },
            },
          })),
        ],
        test: {
          name: 'workers-crash',
          include: ['test/workers/crash/**/*.test.ts'],
          setupFiles: ['./test/workers/support/apply-migrations.ts'],
          testTimeout: STACK_TEST_TIMEOUT_MS,
        },
      },
      stackProject('contracts'),
      stackProject('chain'),
      stackProject('crash'),
      {
        test: { ...stackProject('browser').test, globalSetup: ['./test/browser/unpack-chromium.ts'] },
      },
    ],
  },
})
