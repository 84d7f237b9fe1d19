// A hash, address or digest by its ends.

/** Characters kept at each end, the 0x not counted. */
const HEAD_CHARACTERS = 4
const TAIL_CHARACTERS = 4

export function shortHash(hash: string, head = HEAD_CHARACTERS, tail = TAIL_CHARACTERS): string {
  const start = head + (hash.startsWith('0x') ? 2 : hash.startsWith('tr_') ? 3 : 0)
  return hash.length <= start + tail + 1 ? hash : `${hash.slice(0, start)}…${hash.slice(-tail)}`
}
