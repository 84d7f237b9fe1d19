// What a log tells about itself.

import type { Profile } from './profile.ts'

export type LogReport = {
  readonly records: number
  /** Groups, records and bytes of the tail. */
  readonly tail: { readonly groups: number; readonly records: number; readonly bytes: number }
  /** `ratio`: bytes of the segments over those of the records in them; null: nothing is sealed. */
  readonly sealed: { readonly segments: number; readonly bytes: number; readonly ratio: number | null }
  readonly checkpoint: { readonly seq: number; readonly bytes: number }
  /** In this life of the object. `largest`: records of its largest group. */
  readonly commits: { readonly groups: number; readonly records: number; readonly largest: number }
  /** Records that the last recovery folded, and milliseconds; null: it was not needed. */
  readonly recovery: { readonly records: number; readonly ms: number } | null
  readonly profile: Profile
  /** Why this profile. */
  readonly why: string
}
