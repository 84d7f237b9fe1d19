// What a benchmark is: a folder of bench/ with a file benchmark.ts that exports `benchmark`. Its name is the folder's.

import type { Row } from './row.ts'

export type Benchmark = {
  /** A line: what is measured, beside what. */
  readonly about: string
  run(context: BenchmarkContext): Promise<readonly Row[]>
}

export type BenchmarkContext = {
  /** Directory of real data sets, which are not part of the repository. Null: none was given. */
  readonly dataDir: string | null
  /** Somebody ended the run: stop soon, and leave nothing behind. */
  readonly signal: AbortSignal
  /** A line of progress, or what must be known to read the figures. */
  note(text: string): void
}
