// How an actor's log is kept: how far apart its checkpoints are, how much goes into a segment, and how hard that is
// pressed. A profile is a choice of the deployment; `auto` chooses by what the log itself shows.

/** Milliseconds that an object may take to recover its state: a caller waits for it. */
export const RECOVERY_BUDGET_MS = 100
/** Bytes. A row ends at 2 MB in production, and one segment is unpacked whole in memory. */
export const SEGMENT_MOST_BYTES = 2_097_152

export type Profile = {
  readonly name: ProfileName
  /** Records after which a checkpoint is written. */
  readonly checkpointRecords: number
  /** Bytes of groups that become one segment. */
  readonly segmentBytes: number
  /** Of Brotli, 0 to 11. */
  readonly quality: number
}

export const PROFILE_NAMES = ['latency', 'throughput', 'compact'] as const
export type ProfileName = (typeof PROFILE_NAMES)[number]
/** As in the settings. */
export const PROFILE_CHOICES = [...PROFILE_NAMES, 'auto'] as const
export type ProfileChoice = (typeof PROFILE_CHOICES)[number]

export const PROFILES: Readonly<Record<ProfileName, Profile>> = {
  /** Short tails, small segments: the first call to a sleeping object, and a read of an old record, are quick. */
  latency: { name: 'latency', checkpointRecords: 1_000, segmentBytes: 262_144, quality: 4 },
  /** Few checkpoints: appends pay for little beside themselves. */
  throughput: { name: 'throughput', checkpointRecords: 10_000, segmentBytes: 1_048_576, quality: 3 },
  /** Large segments, pressed hard, for logs that are kept and seldom read. */
  compact: { name: 'compact', checkpointRecords: 5_000, segmentBytes: SEGMENT_MOST_BYTES, quality: 9 },
}

/** What a log shows of itself. */
export type LogShape = {
  readonly records: number
  /** Mean, of the records in the tail. */
  readonly recordBytes: number
  /** Measured at the last recovery; null: none yet. */
  readonly recoveryMsPerRecord: number | null
  /** Of the last checkpoint; 0: none yet. */
  readonly stateBytes: number
}

/** Milliseconds to read, check and fold one record of 300 bytes, where nothing was measured yet. */
const ASSUMED_MS_PER_RECORD = 0.02
/** Records between checkpoints, whatever the figures say. */
const LEAST_CHECKPOINT_RECORDS = 100
const MOST_CHECKPOINT_RECORDS = 20_000
/** A checkpoint may be at most half of what is written between two of them. */
const STATE_SHARE = 2
/** Records of one segment: a read of one record unpacks all of them. */
const SEGMENT_RECORDS = 2_000
const SEGMENT_LEAST_BYTES = 65_536

export type Tuned = { readonly profile: Profile; readonly why: string }

export function profileFor(choice: ProfileChoice | Profile, shape: LogShape): Tuned {
  if (typeof choice === 'object') return { profile: choice, why: 'given by whoever opened the log' }
  return choice === 'auto'
    ? tuned(shape)
    : { profile: PROFILES[choice], why: `the deployment chose ${choice}` }
}

/** The farthest checkpoints that keep recovery within its budget and cost less than half of the log itself. */
function tuned({ recordBytes, recoveryMsPerRecord, stateBytes, records }: LogShape): Tuned {
  const msPerRecord = recoveryMsPerRecord ?? ASSUMED_MS_PER_RECORD
  const withinBudget = Math.floor(RECOVERY_BUDGET_MS / msPerRecord)
  const worthIt = Math.ceil((STATE_SHARE * stateBytes) / Math.max(1, recordBytes))
  const checkpointRecords = clamp(
    Math.max(worthIt, Math.min(withinBudget, MOST_CHECKPOINT_RECORDS)),
    LEAST_CHECKPOINT_RECORDS,
    Math.max(MOST_CHECKPOINT_RECORDS, worthIt),
  )
  const segmentBytes = clamp(SEGMENT_RECORDS * recordBytes, SEGMENT_LEAST_BYTES, SEGMENT_MOST_BYTES)
  const bound = worthIt > withinBudget ? 'the size of its state' : `${RECOVERY_BUDGET_MS} ms to recover`
  return {
    profile: { ...PROFILES.latency, checkpointRecords, segmentBytes: Math.round(segmentBytes) },
    why:
      `${records} records of ${Math.round(recordBytes)} bytes, ${msPerRecord.toFixed(4)} ms each to recover, ` +
      `state ${stateBytes} bytes: a checkpoint each ${checkpointRecords} records, bounded by ${bound}`,
  }
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value))
}
