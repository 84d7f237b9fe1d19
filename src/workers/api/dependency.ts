// What the API asks of others, and what it means when they do not answer. Everything that is asked here may be asked
// twice: every method of an object is idempotent.

/** A part did not answer. The cause is for our logs, never for the caller. */
export class DependencyError extends Error {
  override name = 'DependencyError'
}

/** Asks an object. The stub is made anew for the second try: after an exception a stub stays broken. */
export async function ask<Stub, Value>(
  stub: () => Stub,
  question: (stub: Stub) => Promise<Value>,
): Promise<Value> {
  try {
    return await question(stub())
  } catch (error) {
    // One retry: an object is reset whenever its code is updated, and the next call finds it again.
    if (!hasFlag(error, 'retryable') || hasFlag(error, 'overloaded')) throw error
    return question(stub())
  }
}

export async function fromDatabase<Value>(query: () => Promise<Value>): Promise<Value> {
  try {
    return await query()
  } catch (error) {
    throw new DependencyError('the database did not answer', { cause: error })
  }
}

/** True: the same request may succeed in a moment. */
export function isTemporary(error: unknown): boolean {
  return error instanceof DependencyError || hasFlag(error, 'retryable') || hasFlag(error, 'overloaded')
}

/** The runtime marks the errors of a call to an object by these properties. */
function hasFlag(error: unknown, flag: 'retryable' | 'overloaded'): boolean {
  return error instanceof Error && Reflect.get(error, flag) === true
}

/** Fails when `work` takes longer. */
export async function within<Value>(ms: number, work: Promise<Value>): Promise<Value> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new DependencyError(`no answer within ${ms} ms`)), ms)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
