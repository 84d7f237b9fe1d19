// The command `waybill` (`npm run waybill -- ...`): checks logs, proofs and packs, and has the read model rebuilt.

import { parseArgs } from 'node:util'
import { ApiError, type Target } from './api.ts'
import { EXIT, type Exit, type Output, UsageError } from './command/outcome.ts'
import { proofCommand } from './command/proof.ts'
import { rebuildCommand } from './command/rebuild.ts'
import { verifyCommand } from './command/verify.ts'

const HELP = `npm run waybill -- COMMAND

  verify FILE|ID      check a log: a file that holds it or a pack of the archive, or a transfer's, fetched
  proof ID SEQ        check that one record stands in a transfer's log, without the rest of it
  rebuild             have the read model written again, from the objects and the archive; needs an admin key

  --url URL           of the API; else WAYBILL_URL
  --key KEY           an API key; else WAYBILL_KEY, which no other user of the machine sees
  --head DIGEST       proof: the head of the log, as you have it; else what the transfer reports
  --cursor CURSOR     rebuild: go on where a run that was interrupted stopped
  --help

Ends with 0 when all is right, 1 when something is damaged or not proved, 2 when it could not be looked at.`

const out: Output = {
  line: (text) => process.stdout.write(`${text}\n`),
  note: (text) => process.stderr.write(`${text}\n`),
}

function readFlags() {
  const text = { type: 'string' } as const
  try {
    return parseArgs({
      allowPositionals: true,
      options: { url: text, key: text, head: text, cursor: text, help: { type: 'boolean' } },
    })
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

async function main(): Promise<Exit> {
  const { values, positionals } = readFlags()
  const [command, first, second, ...more] = positionals
  if (values.help === true) {
    out.line(HELP)
    return EXIT.right
  }
  const target = () => targetOf(values.url, values.key)
  if (command === 'verify' && first !== undefined && second === undefined) {
    return verifyCommand(first, target, out)
  }
  if (command === 'proof' && first !== undefined && second !== undefined && more.length === 0) {
    return proofCommand({ id: first, seq: second, known: values.head ?? null }, target(), out)
  }
  if (command === 'rebuild' && first === undefined)
    return rebuildCommand(values.cursor ?? null, target(), out)
  throw new UsageError(command === undefined ? 'no command' : `not a command: ${positionals.join(' ')}`)
}

function targetOf(url = process.env.WAYBILL_URL, key = process.env.WAYBILL_KEY): Target {
  if (url === undefined || !URL.canParse(url))
    throw new UsageError('--url or WAYBILL_URL: the address of the API')
  if (key === undefined || key === '') throw new UsageError('--key or WAYBILL_KEY: an API key')
  return { url, key }
}

try {
  process.exitCode = await main()
} catch (error) {
  if (!(error instanceof UsageError || error instanceof ApiError)) throw error
  out.note(error instanceof UsageError ? `${error.message}\n\n${HELP}` : error.message)
  process.exitCode = EXIT.unknown
}
