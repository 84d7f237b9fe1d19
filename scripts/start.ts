// `npm start`: the whole of Waybill on this machine, shown at work. Starts the stack, acts as a client would, serves
// until Ctrl-C. What it started ends with it, also where it is killed.

import { relative } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { chainStatus } from './dev/client.ts'
import { Console } from './dev/console.ts'
import { runDemo } from './dev/demo.ts'
import { type Stack, startStack } from './dev/stack.ts'
import { Supervisor } from './dev/supervisor.ts'

const HELP = `npm start -- [options]

Starts a local chain, a demo ERC-20 and Waybill, sends one native and one ERC-20 transfer, and follows both until
they are final. Keeps serving until Ctrl-C. The next start goes on with the same chain, transfers and keys.

  --once                end when both transfers are final: 0, or 1 when they are not within a minute
  --port PORT           of the API and the dashboard (8787); where it is taken, another one is used
  --state DIR           where the chain, the transfers and the keys are kept (.waybill)
  --fresh               delete that state first
  --block-time SECONDS  between two blocks (1); a block is final 4 blocks later, at the earliest after 4 s
  --no-demo             send no transfers
  --help

Other programs read DIR/dev.json: { url, api_key, rpc_url, chain, token, signers, private_signers }.`

/** Milliseconds for both transfers to become final. */
const ONCE_WITHIN_MS = 60_000
/** Milliseconds between two looks at whether the chain is still the one that the logs know. */
const CHAIN_CHECK_MS = 2_000
const PORT_MAX = 65_535
const BLOCK_TIME_MAX_S = 3_600

const EXIT_OK = 0
const EXIT_FAILED = 1
const EXIT_USAGE = 2
/** As shells report a program that Ctrl-C ended. */
const EXIT_INTERRUPTED = 130

class UsageError extends Error {
  override name = 'UsageError'
}

/** Ctrl-C, or the signal of whoever ends this program. */
class Interrupted extends Error {
  override name = 'Interrupted'
}

type Flags = ReturnType<typeof readFlags>

async function main(out: Console): Promise<number> {
  const flags = readFlags()
  if (flags.help) {
    out.line(HELP)
    return EXIT_OK
  }
  const ending = new AbortController()
  endOnSignals(ending)
  const supervisor = new Supervisor(out, (error) => ending.abort(error))
  let stack: Stack | null = null
  try {
    out.line(`\n  ${out.paint('bold', 'Waybill')}\n`)
    stack = await startStack({ ...flags.stack, report: supervisor, signal: ending.signal })
    supervisor.watch(stack)
    await serve(stack, out, flags, ending)
    return EXIT_OK
  } catch (error) {
    const cause: unknown = ending.signal.reason ?? error
    if (!(cause instanceof Interrupted)) throw cause
    return stack !== null && !flags.once ? EXIT_OK : EXIT_INTERRUPTED
  } finally {
    supervisor.rest()
    ending.abort(new Interrupted())
    if (stack !== null) await stopStack(stack, out, flags)
  }
}

/** Returns when a `--once` is done, throws for everything else that ends it. */
async function serve(stack: Stack, out: Console, flags: Flags, ending: AbortController): Promise<void> {
  await checkChain(stack)
  watchChain(stack, ending)
  if (flags.demo) {
    out.line()
    await demonstrate(stack, out, flags.once, ending.signal)
  }
  if (flags.once) return
  printAddresses(stack, out, flags)
  await aborted(ending.signal)
}

async function demonstrate(stack: Stack, out: Console, isOnce: boolean, ending: AbortSignal): Promise<void> {
  const timeLimit = AbortSignal.timeout(ONCE_WITHIN_MS)
  const signal = isOnce ? AbortSignal.any([ending, timeLimit]) : ending
  try {
    const results = await runDemo(stack, out, signal)
    const lost = results.filter(({ status }) => status !== 'finalized')
    if (lost.length > 0 && isOnce)
      throw new Error(`not finalized: ${lost.map(({ name }) => name).join(', ')}`)
  } catch (error) {
    if (!isOnce || ending.aborted || !timeLimit.aborted) throw error
    throw new Error(`the transfers were not final within ${ONCE_WITHIN_MS / 1_000} s; see ${stack.dir.logs}`)
  }
}

async function checkChain(stack: Stack): Promise<void> {
  if ((await chainStatus(stack, stack.chain)) === 'fenced') throw new Error('chain was reset, use --fresh')
}

/** That the chain is another one may show only when its next block is looked at. */
async function watchChain(stack: Stack, ending: AbortController): Promise<void> {
  while (!ending.signal.aborted) {
    await delay(CHAIN_CHECK_MS)
    // No answer says nothing: the runtime may be starting again.
    const status = await chainStatus(stack, stack.chain).catch(() => null)
    if (status === 'fenced') ending.abort(new Error('chain was reset, use --fresh'))
  }
}

function printAddresses(stack: Stack, out: Console, flags: Flags): void {
  out.line()
  // The key stays in the fragment: a browser sends it to nobody.
  out.row('dashboard', out.paint('cyan', `${stack.url}/#key=${stack.apiKey}`))
  out.row('API', `${stack.url}/v1, described at ${stack.url}/docs`)
  out.row('key', stack.apiKey)
  out.row('chain', `${stack.chain} at ${stack.rpcUrl}`)
  out.row('for programs', `${relative(process.cwd(), stack.dir.devFile)}`)
  out.line(
    `\n  ${out.paint('dim', `Ctrl-C ends it. The next start goes on from ${flags.stack.stateDir}.`)}\n`,
  )
}

async function stopStack(stack: Stack, out: Console, flags: Flags): Promise<void> {
  await out.step('stopped', stack.stop(), () => `all is kept in ${flags.stack.stateDir}`)
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}

/** A second signal changes nothing: the end is under way and takes less than a second. */
function endOnSignals(ending: AbortController): void {
  const end = () => ending.abort(new Interrupted())
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end)
  // run.mjs was killed, or nobody reads any more.
  process.on('disconnect', end)
  process.stdout.on('error', end)
}

function readFlags() {
  const { values } = parse()
  return {
    help: values.help,
    once: values.once,
    demo: !values['no-demo'],
    stack: {
      stateDir: values.state,
      fresh: values.fresh,
      port: numberFlag(
        '--port',
        values.port,
        (port) => Number.isInteger(port) && port >= 1 && port <= PORT_MAX,
      ),
      blockTimeS: numberFlag(
        '--block-time',
        values['block-time'],
        (seconds) => seconds > 0 && seconds <= BLOCK_TIME_MAX_S,
      ),
    },
  }
}

function parse() {
  try {
    return parseArgs({
      options: {
        once: { type: 'boolean', default: false },
        port: { type: 'string' },
        state: { type: 'string', default: '.waybill' },
        fresh: { type: 'boolean', default: false },
        'block-time': { type: 'string' },
        'no-demo': { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

function numberFlag(name: string, text: string | undefined, isValid: (value: number) => boolean) {
  if (text === undefined) return undefined
  const value = text.trim() === '' ? Number.NaN : Number(text)
  if (!isValid(value)) throw new UsageError(`${name} ${text}: not possible`)
  return value
}

const out = new Console(process.stdout, process.env)
try {
  process.exitCode = await main(out)
} catch (error) {
  out.error(`\n${error instanceof Error ? error.message : String(error)}`)
  if (error instanceof UsageError) out.line('npm start -- --help')
  process.exitCode = error instanceof UsageError ? EXIT_USAGE : EXIT_FAILED
}
process.exit()
