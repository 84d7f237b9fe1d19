// Verifies a pack of the archive: every byte of it, and every log in it.

import type { LogPart } from '../shared/archive/log-part.ts'
import type { PackFault, PackIndex } from '../shared/archive/pack-index.ts'
import type { Result } from '../shared/lib/result.ts'
import { decodePack } from '../shared/schema/pack.ts'

export function verifyPack(
  bytes: Uint8Array,
): Result<{ readonly index: PackIndex; readonly parts: readonly LogPart[] }, PackFault> {
  return decodePack(bytes)
}
