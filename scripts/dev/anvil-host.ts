// The host of the local chain: Anvil, and the keeping of its state.
//
// Anvil's own `--state-interval` writes over the old file in place, a second or two after the fact: killed while it
// writes it leaves half a file, and killed before its first write it leaves none, which makes the next start another
// chain. So the host asks for the state at every new block, and replaces the file whole. What SIGKILL loses is what was
// mined since: a block or two. The chain's finality must lie deeper than that (local-chain.ts).

import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { gunzipSync } from 'node:zlib'
import { z } from 'zod'
import { type Hosted, host } from './host.ts'
import { rpc } from './rpc.ts'

/** Milliseconds between two looks for a new block. */
const LOOK_EVERY_MS = 50
/** A state of many blocks takes long to write; the chain must not spend more than a fifth of its time on that. */
const REST_PER_WRITE = 4
const READY_CHECK_MS = 20
/** Milliseconds for a state of many blocks to be read. */
const READY_WITHIN_MS = 60_000
/**
 * States of past blocks that can be asked for, as of a node of a public chain. Without any, whoever follows the chain and is
 * a block behind, as on a busy machine, never catches up: nobody tells what an account had in the block that is next.
 */
const PAST_STATES = 128
/** Milliseconds. */
const STOP_WITHIN_MS = 6_000

export const anvilSettings = z.strictObject({
  /** Absolute. */
  dir: z.string(),
  port: z.number().int(),
  chainId: z.number().int(),
  blockTimeS: z.number().positive(),
  slotsInAnEpoch: z.number().int().positive(),
  /** Keep the states of all past blocks. anvil_reorg and anvil_rollback need them; they cost up to 1 MB per block. */
  pastStates: z.boolean(),
})
export type AnvilSettings = z.infer<typeof anvilSettings>

host(async (raw): Promise<Hosted> => {
  const settings = anvilSettings.parse(raw)
  const files = filesIn(settings.dir)
  mkdirSync(settings.dir, { recursive: true })
  const anvil = spawn(anvilBinary(), argumentsFor(settings, unpackState(files)), {
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
  const keeper = new Keeper(url, files)
  // Before anybody can build on this chain: a new one is found again by its first block.
  await keeper.keep()
  void keeper.follow()
  return {
    url,
    calls: { keep: () => keeper.keep() },
    stop: async () => {
      stopping = true
      // Whatever keeps the last state from the disk (its directory may be gone): no chain is left behind.
      await keeper.end().finally(() => stop(anvil, ended))
    },
  }
})

type Files = {
  /** The newest whole state, as Anvil tells it: JSON, gzipped. */
  readonly kept: string
  readonly written: string
  /** Unpacked for the Anvil that starts from it. */
  readonly loaded: string
  readonly cache: string
}

function filesIn(dir: string): Files {
  return {
    kept: join(dir, 'state.json.gz'),
    written: join(dir, 'written.json.gz'),
    loaded: join(dir, 'loaded.json'),
    cache: join(dir, 'past-states'),
  }
}

/** The file that Anvil can start from; null: there is none, a new chain. */
function unpackState(files: Files): string | null {
  // Anvil leaves them behind when it is killed, and never reads them again.
  rmSync(files.cache, { recursive: true, force: true })
  if (!existsSync(files.kept)) return null
  const state = keptState.parse(JSON.parse(gunzipSync(readFileSync(files.kept)).toString()))
  writeFileSync(files.loaded, JSON.stringify({ ...state, blocks: withOneGenesis(state.blocks) }))
  return files.loaded
}

const keptBlock = z.looseObject({ header: z.looseObject({ number: z.string(), timestamp: z.string() }) })
type KeptBlock = z.infer<typeof keptBlock>
const keptState = z.looseObject({ blocks: z.array(keptBlock) })

/**
 * Anvil makes a first block of its own at every start and keeps it beside the loaded one; which of them it then calls
 * block 0 is chance. The oldest is the one that the chain hangs on.
 */
function withOneGenesis(blocks: readonly KeptBlock[]): readonly KeptBlock[] {
  const isGenesis = ({ header }: KeptBlock) => Number(header.number) === 0
  const timeOf = ({ header }: KeptBlock) => Number(header.timestamp)
  const [oldest] = blocks.filter(isGenesis).sort((one, other) => timeOf(one) - timeOf(other))
  return blocks.filter((block) => !isGenesis(block) || block === oldest)
}

/** Keeps the state of the newest block on disk. */
class Keeper {
  readonly #url: string
  readonly #files: Files
  #block: unknown = null
  #isEnded = false
  #writing: Promise<void> = Promise.resolve()

  constructor(url: string, files: Files) {
    this.#url = url
    this.#files = files
  }

  /** Answers when the chain as it is now is on disk. One write at a time, in order. */
  keep(): Promise<void> {
    const write = this.#writing.catch(() => {}).then(() => this.#write())
    this.#writing = write
    return write
  }

  async follow(): Promise<void> {
    while (!this.#isEnded) {
      const since = performance.now()
      try {
        if ((await rpc(this.#url, 'eth_blockNumber', [])) !== this.#block) await this.keep()
      } catch (error) {
        console.error(error)
      }
      await delay(Math.max(LOOK_EVERY_MS, REST_PER_WRITE * (performance.now() - since)))
    }
  }

  async end(): Promise<void> {
    this.#isEnded = true
    await this.keep()
  }

  async #write(): Promise<void> {
    // Asked before: a block that comes in between is written again, never forgotten.
    this.#block = await rpc(this.#url, 'eth_blockNumber', [])
    const state = z.string().parse(await rpc(this.#url, 'anvil_dumpState', []))
    writeFileSync(this.#files.written, Buffer.from(state.slice(2), 'hex'))
    renameSync(this.#files.written, this.#files.kept)
  }
}

function argumentsFor(settings: AnvilSettings, state: string | null): string[] {
  const files = filesIn(settings.dir)
  return [
    ['--host', '127.0.0.1', '--port', String(settings.port), '--silent'],
    ['--chain-id', String(settings.chainId), '--block-time', String(settings.blockTimeS)],
    ['--slots-in-an-epoch', String(settings.slotsInAnEpoch)],
    state === null ? [] : ['--load-state', state],
    // Past states go to the home directory otherwise, 1 MB for each block, and stay there.
    settings.pastStates ? ['--cache-path', files.cache] : ['--prune-history', String(PAST_STATES)],
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

async function stop(anvil: ChildProcess, ended: Promise<void>): Promise<void> {
  anvil.kill('SIGTERM')
  const inTime = await Promise.race([ended.then(() => true), delay(STOP_WITHIN_MS, false)])
  if (!inTime) anvil.kill('SIGKILL')
  await ended
}
