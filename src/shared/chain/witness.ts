// What a chain remembers of its signers' logs. A signer that comes back as an old copy of itself (a restore, a damaged
// disk) would sign nonces again that it has used: it shows its head here before anything leaves, and a chain that
// remembers a later one, or one that the signer does not have, stops it.

import type { WalHead } from '../wal/group.ts'

export type Witnessed = WalHead & {
  /** Which life of the object: a rebuilt one counts on. */
  readonly incarnation: number
}

/** What was remembered until now; `fenced`: the witness's own log is damaged, and it vouches for nobody. */
export type WitnessAnswer = Witnessed | 'fenced' | null

/** Whether `shown` is later than what is remembered, and to be remembered in its place. */
export function isLater(remembered: Witnessed | null, shown: Witnessed): boolean {
  if (remembered === null) return true
  if (shown.incarnation !== remembered.incarnation) return shown.incarnation > remembered.incarnation
  return shown.seq > remembered.seq
}
