// How a command ends, and how it speaks.

/** Exit codes: what was looked at is right; is not; could not be looked at. */
export const EXIT = { right: 0, wrong: 1, unknown: 2 } as const
export type Exit = (typeof EXIT)[keyof typeof EXIT]

/** A command that cannot be carried out as it was given. */
export class UsageError extends Error {
  override name = 'UsageError'
}

export type Output = {
  readonly line: (text: string) => void
  /** To people only: never part of what a program would read. */
  readonly note: (text: string) => void
}
