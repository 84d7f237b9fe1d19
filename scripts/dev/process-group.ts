// A process group: a host and everything it started. It leads the group, so the group's id is its process id.

import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'

/** Milliseconds to wait for a killed group, and how often to look. */
const GONE_WITHIN_MS = 5_000
const CHECK_EVERY_MS = 5

/** Does nothing where the group is gone. */
export function killGroup(id: number): void {
  try {
    process.kill(-id, 'SIGKILL')
  } catch {}
}

/** False: something of it is still there. */
export async function groupGone(id: number, withinMs = GONE_WITHIN_MS): Promise<boolean> {
  const until = Date.now() + withinMs
  while (isGroupAlive(id)) {
    if (Date.now() > until) return false
    await delay(CHECK_EVERY_MS)
  }
  return true
}

export function isGroupAlive(id: number): boolean {
  if (!isThere(-id)) return false
  return process.platform === 'linux' ? livingMembers(id) > 0 : true
}

/** A negative id asks for a group. */
export function isThere(id: number): boolean {
  try {
    process.kill(id, 0)
    return true
  } catch {
    return false
  }
}

/** A killed process stays listed until somebody asks for its exit code, which some containers never do. */
function livingMembers(group: number): number {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name) && isLivingMember(name, group)).length
}

function isLivingMember(pid: string, group: number): boolean {
  const [state, , itsGroup] = processStat(pid) ?? []
  return Number(itsGroup) === group && state !== 'Z' && state !== 'X'
}

/** Fields of /proc/PID/stat from the state on: the name before them may hold spaces and brackets. */
export function processStat(pid: string): readonly string[] | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  } catch {
    return null
  }
}
