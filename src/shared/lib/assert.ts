// Assertions stay on in production: an object that finds itself in an impossible state must stop, not guess.

/** A broken invariant: a bug of ours, never the caller's fault. */
export class InvariantError extends Error {
  override name = 'InvariantError'
}

export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new InvariantError(message)
}

export function assertDefined<T>(value: T | null | undefined, message: string): T {
  assert(value !== null && value !== undefined, message)
  return value
}

/** The default branch of an exhaustive switch: the compiler proves that it is never reached. */
export function assertNever(value: never): never {
  throw new InvariantError(`unreachable: ${JSON.stringify(value)}`)
}
