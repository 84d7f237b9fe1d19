// A planted bug: a piece of one file, and what stands in its place.

import type { Bias } from '../bias.ts'
import type { Invariant } from '../violations.ts'

export type Caught = { readonly seed: number; readonly by: Invariant }

export type Mutant = {
  readonly name: string
  /** From the root of the repository. */
  readonly file: string
  /** Stands in the file exactly once. */
  readonly from: string
  readonly to: string
  /** The guarantee that it breaks, in words. */
  readonly breaks: string
  /** Of the histories that are to catch it. Without: as any. */
  readonly bias?: Bias
  /** A seed that catches it, and by which invariant; null: none was found yet, `--mutant all --write` looks for one. */
  readonly caught: Caught | null
}
