// A log's report on itself, as the API shows it.

import { z } from 'zod'
import { PROFILE_NAMES } from '../wal/profile.ts'
import type { LogReport } from '../wal/report.ts'
import { count } from './scalars.ts'

export const logReport = z
  .strictObject({
    records: count,
    tail: z.strictObject({ groups: count, records: count, bytes: count }).describe('What is not sealed.'),
    sealed: z.strictObject({
      segments: count,
      bytes: count,
      ratio: z.number().nullable().describe('Bytes of the segments over those of their records.'),
    }),
    checkpoint: z.strictObject({ seq: count, bytes: count }).describe('The newest; seq 0: none.'),
    commits: z
      .strictObject({ groups: count, records: count, largest: count })
      .describe('Since the object last woke; largest: records of its largest group.'),
    recovery: z
      .strictObject({ records: count, ms: z.number() })
      .nullable()
      .describe('Records that the last recovery folded, and how long it took.'),
    profile: z.strictObject({
      name: z.enum(PROFILE_NAMES),
      checkpoint_records: count,
      segment_bytes: count,
      quality: count,
    }),
    why: z.string().describe('Why this profile.'),
  })
  .describe('What the write-ahead log of the object tells about itself.')

export type LogReportView = z.input<typeof logReport>

export function toLogReportView({ profile, ...report }: LogReport): LogReportView {
  const { name, checkpointRecords, segmentBytes, quality } = profile
  return {
    ...report,
    profile: { name, checkpoint_records: checkpointRecords, segment_bytes: segmentBytes, quality },
  }
}
