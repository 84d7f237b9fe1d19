// The host of the local chain: Anvil, and the keeping of its state.
//
// Anvil writes its whole state over the old file each second, in place: killed while it writes, it leaves half a file,
// which the next Anvil refuses. So it writes into a file of its own, which is moved away when it is whole. Each start
// takes the newest of the files that is whole. What SIGKILL loses is what was mined since the last whole file: 1 or 2
// blocks, 3 when it falls into a write. The chain's finality must lie deeper than that (local-chain.ts).

import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import { type Hosted, host } from './host.ts'
import { rpc } from './rpc.ts'

/** Milliseconds that a file must have been left alone to count as whole. A write takes some tens of them. */
const WHOLE_AFTER_MS = 300
const KEEP_EVERY_MS = 100
/** Seconds between two writes of the state: the least that Anvil offers. */
const WRITE_EVERY_S = 1
const READY_CHECK_MS = 20
/** Milliseconds for a state of many blocks to be read. */
const READY_WITHIN_MS = 60_000
/** Milliseconds for the last write of a large state. */
const STOP_WITHIN_MS = 6_000

export const anvilSettings = z.strictObject({
  /** Absolute. */
  dir: z.string(),
  port: z.number().int(),
  chainId: z.number().int(),
  blockTimeS: z.number().positive(),
  slotsInAnEpoch: z.number().int().positive(),
  /** Keep the states of past blocks. anvil_reorg and anvil_rollback need them; they cost up to 1 MB per block. */
  pastStates: z.boolean(),
})
export type AnvilSettings = z.infer<typeof anvilSettings>

host(async (raw): Promise<Hosted> => {
  const settings = anvilSettings.parse(raw)
  const files = filesIn(settings.dir)
  mkdirSync(settings.dir, { recursive: true })
  const anvil = spawn(anvilBinary(), argumentsFor(settings, pickState(files)), {
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const ended = new Promise<void>((resolve) => {
    anvil.once('exit', (code, signal) => {
      console.error(`anvil ended by ${signal ?? code}`)
      resolve()
    })
  })
  let stopping = false
  void ended.then(() => {
    // Alone it is of no use: the parent starts the pair again.
    if (!stopping) process.exit(1)
  })
  const url = `http://127.0.0.1:${settings.port}`
  await answering(url)
  setInterval(() => keep(files), KEEP_EVERY_MS).unref()
  return {
    url,
    calls: {},
    stop: () => {
      stopping = true
      return stop(anvil, ended)
    },
  }
})

type Files = {
  readonly written: string
  readonly whole: string
  readonly before: string
  readonly cache: string
}

function filesIn(dir: string): Files {
  return {
    written: join(dir, 'written.json'),
    whole: join(dir, 'state.json'),
    before: join(dir, 'state-before.json'),
    cache: join(dir, 'past-states'),
  }
}

/** Moves the newest whole state to its place; null: there is none, a new chain. */
function pickState(files: Files): string | null {
  // Anvil leaves them behind when it is killed, and never reads them again.
  rmSync(files.cache, { recursive: true, force: true })
  const newest = [files.written, files.whole, files.before].find(isWholeJson)
  if (newest === undefined) return null
  if (newest !== files.whole) renameSync(newest, files.whole)
  rmSync(files.written, { force: true })
  return files.whole
}

function isWholeJson(file: string): boolean {
  if (!existsSync(file)) return false
  try {
    JSON.parse(readFileSync(file, 'utf8'))
    return true
  } catch {
    console.error(`${file} is not whole`)
    return false
  }
}

function keep(files: Files): void {
  const written = statSync(files.written, { throwIfNoEntry: false })
  if (written === undefined || written.size === 0 || Date.now() - written.mtimeMs < WHOLE_AFTER_MS) return
  if (existsSync(files.whole)) renameSync(files.whole, files.before)
  renameSync(files.written, files.whole)
}

function argumentsFor(settings: AnvilSettings, state: string | null): string[] {
  const files = filesIn(settings.dir)
  return [
    ['--host', '127.0.0.1', '--port', String(settings.port), '--silent'],
    ['--chain-id', String(settings.chainId), '--block-time', String(settings.blockTimeS)],
    ['--slots-in-an-epoch', String(settings.slotsInAnEpoch)],
    state === null ? [] : ['--load-state', state],
    ['--dump-state', files.written, '--state-interval', String(WRITE_EVERY_S)],
    // Past states go to the home directory otherwise, 1 MB for each block, and stay there.
    settings.pastStates ? ['--cache-path', files.cache] : ['--prune-history'],
  ].flat()
}

/** The program itself: the package's own command starts it as a child, which a SIGKILL of the command would orphan. */
function anvilBinary(): string {
  const arch = process.arch === 'x64' ? 'amd64' : process.arch
  const name = `@foundry-rs/anvil-${process.platform}-${arch}`
  const manifest = createRequire(import.meta.url).resolve(`${name}/package.json`)
  return join(dirname(manifest), 'bin', process.platform === 'win32' ? 'anvil.exe' : 'anvil')
}

async function answering(url: string): Promise<void> {
  const until = Date.now() + READY_WITHIN_MS
  for (;;) {
    try {
      await rpc(url, 'eth_chainId', [])
      return
    } catch (error) {
      if (Date.now() > until) throw error
      await delay(READY_CHECK_MS)
    }
  }
}

/** Anvil writes its state once more when it ends in order. */
async function stop(anvil: ChildProcess, ended: Promise<void>): Promise<void> {
  anvil.kill('SIGTERM')
  const inTime = await Promise.race([ended.then(() => true), delay(STOP_WITHIN_MS, false)])
  if (!inTime) anvil.kill('SIGKILL')
  await ended
}
