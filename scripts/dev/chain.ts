// Starts the local chain: Anvil in a host of its own.

import { join } from 'node:path'
import type { AnvilSettings } from './anvil-host.ts'
import { type HostProcess, startHost } from './host-process.ts'
import { LOCAL_CHAIN_REFERENCE, slotsInAnEpoch } from './local-chain.ts'
import { ROOT } from './root.ts'
import type { StateDir } from './state-dir.ts'

/** Milliseconds: a state of a day's blocks takes some seconds to read. */
const READY_WITHIN_MS = 60_000

export type ChainOptions = {
  readonly signal?: AbortSignal | undefined
  readonly onSpawn?: ((pid: number) => void) | undefined
  readonly port: number
  readonly blockTimeS: number
  readonly pastStates: boolean
}

export function startChain(dir: StateDir, options: ChainOptions): Promise<HostProcess> {
  const settings: AnvilSettings = {
    dir: dir.chainDir,
    chainId: LOCAL_CHAIN_REFERENCE,
    slotsInAnEpoch: slotsInAnEpoch(options.blockTimeS),
    port: options.port,
    blockTimeS: options.blockTimeS,
    pastStates: options.pastStates,
  }
  return startHost({
    name: 'the chain (anvil)',
    program: join(ROOT, 'scripts', 'dev', 'anvil-host.ts'),
    settings,
    logFile: join(dir.logs, 'chain.log'),
    readyWithinMs: READY_WITHIN_MS,
    signal: options.signal,
    onSpawn: options.onSpawn,
  })
}
