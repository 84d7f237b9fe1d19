// The archive as an object reaches it: announcements on the queue, the index in D1, the packs in R2.

import { readArchive } from '../../shared/adapters/archive/read-archive.ts'
import type { ArchiveEnv } from '../../shared/adapters/archive/write-archive.ts'
import { logEvent } from '../../shared/adapters/json-log.ts'
import type { ArchiveMessage, OutboxesMessage } from '../../shared/schema/queue-messages.ts'
import { Announcer } from './announcer.ts'
import type { ArchivePort } from './archive-port.ts'

export type ArchivingEnv = ArchiveEnv & {
  readonly EVENTS: { send(message: ArchiveMessage | OutboxesMessage): Promise<unknown> }
}

export function archiveOf(env: ArchivingEnv, background: (work: Promise<void>) => void): ArchivePort {
  const announcer = new Announcer((message) => env.EVENTS.send(message), background)
  return {
    announce: (identity) => announcer.announce(identity),
    parts: (identity, afterSeq) => readArchive(env, identity, afterSeq),
    mended: (outcome) => logEvent('repair' in outcome ? 'warn' : 'error', 'log.mended', { ...outcome }),
  }
}
