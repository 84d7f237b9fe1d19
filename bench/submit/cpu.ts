// Time that processes spent on a processor, user and system.

import { readdirSync, readFileSync } from 'node:fs'
import { processStat } from '../../scripts/dev/process-group.ts'

const MS_PER_TICK = 10
const MICROSECONDS_PER_MS = 1_000
/** Fields of /proc/PID/stat from the state on: its parent, its group, and user and system time, its own and of children that ended. */
const PARENT_FIELD = 1
const GROUP_FIELD = 2
const TIME_FIELDS = [11, 15] as const

/** Milliseconds, of all processes of a group; null: this system does not say. */
export function groupCpuMs(group: number): number | null {
  return cpuMs((fields) => Number(fields[GROUP_FIELD]) === group)
}

/** Milliseconds, of the children of this process that run this program. */
export function childCpuMs(program: string): number | null {
  return cpuMs((fields, pid) => Number(fields[PARENT_FIELD]) === process.pid && programOf(pid) === program)
}

function cpuMs(isMeant: (fields: readonly string[], pid: string) => boolean): number | null {
  if (process.platform !== 'linux') return null
  let ticks = 0
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const fields = processStat(pid)
    if (fields === null || !isMeant(fields, pid)) continue
    ticks += fields.slice(...TIME_FIELDS).reduce((sum, field) => sum + Number(field), 0)
  }
  return ticks * MS_PER_TICK
}

/** Null: it has just ended. */
function programOf(pid: string): string | null {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim()
  } catch {
    return null
  }
}

/** Milliseconds, of this process. */
export function ownCpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / MICROSECONDS_PER_MS
}
