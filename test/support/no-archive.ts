// An archive that nobody tells anything and that has nothing, for tests of what an object does without it.

import type { ArchivePort } from '../../src/durable-objects/archive/archive-port.ts'

export const NO_ARCHIVE: ArchivePort = { announce: () => {}, parts: async () => [], mended: () => {} }
