// One stack per state: two runtimes on the same SQLite files would destroy them. Also waits for what is left of a stack
// whose start was killed: its hosts end by themselves, but not within the same millisecond.

import { execFileSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { z } from 'zod'
import { groupGone, isGroupAlive, isThere, killGroup, processStat } from './process-group.ts'
import { readJson, type StateDir, writeJson } from './state-dir.ts'

/** A process id is given again; together with its start time it names one process. */
const processName = z.strictObject({ pid: z.number().int(), started: z.string().nullable() })
type ProcessName = z.infer<typeof processName>

const hostNames = z.record(z.string(), processName)

/** Milliseconds for the hosts of a killed start to end in order; then they are killed. */
const LEFTOVERS_WITHIN_MS = 10_000

export class StateInUse extends Error {
  override name = 'StateInUse'
}

/** @throws StateInUse */
export async function claimState(dir: StateDir): Promise<void> {
  takeOwnership(dir)
  for (const leftover of Object.values(hostNames.parse(readJson(dir.hostsFile) ?? {}))) {
    if (isOther(leftover) || !isGroupAlive(leftover.pid)) continue
    if (await groupGone(leftover.pid, LEFTOVERS_WITHIN_MS)) continue
    killGroup(leftover.pid)
    await groupGone(leftover.pid)
  }
  writeJson(dir.hostsFile, {})
}

export function releaseState(dir: StateDir): void {
  rmSync(dir.ownerFile, { force: true })
}

/** Remembers a host, for the case that this process cannot end it. */
export function noteHost(dir: StateDir, name: string, pid: number): void {
  const hosts = hostNames.parse(readJson(dir.hostsFile) ?? {})
  writeJson(dir.hostsFile, { ...hosts, [name]: nameOf(pid) })
}

function takeOwnership(dir: StateDir): void {
  for (;;) {
    try {
      writeFileSync(dir.ownerFile, JSON.stringify(nameOf(process.pid)), { flag: 'wx' })
      return
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    }
    const owner = ownerOf(dir)
    if (owner !== null && isThere(owner.pid) && !isOther(owner)) {
      throw new StateInUse(`${dir.root} is in use by process ${owner.pid}: end it, or give another --state`)
    }
    rmSync(dir.ownerFile, { force: true })
  }
}

/** Null: nobody, or half a file of somebody who was killed. */
function ownerOf(dir: StateDir): ProcessName | null {
  try {
    return processName.parse(readJson(dir.ownerFile))
  } catch {
    return null
  }
}

/** Whether the id now belongs to a process that is not the one that was noted. */
function isOther({ pid, started }: ProcessName): boolean {
  return isThere(pid) && startOf(pid) !== started
}

function nameOf(pid: number): ProcessName {
  return { pid, started: startOf(pid) }
}

/** Field 22 of /proc/PID/stat, or what ps says; null where nothing says it. */
function startOf(pid: number): string | null {
  if (process.platform === 'linux') return processStat(String(pid))?.[19] ?? null
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim()
  } catch {
    return null
  }
}
