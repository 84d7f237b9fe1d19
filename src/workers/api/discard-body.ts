// A body that is not wanted. A client is still sending it when the refusal goes out; a connection that is cut then often
// takes the refusal with it, so a little is read and thrown away first.

/** Bytes that are read for nothing: a body that is longer than this was never meant for here. */
const DISCARD_MAX_BYTES = 1_048_576
/** Milliseconds. Nobody is waited for longer: the refusal is worth less than the time. */
const DISCARD_MAX_MS = 1_000

/** Of a body that nobody has begun to read. */
export async function discardBody(request: Request): Promise<void> {
  if (request.body !== null && !request.bodyUsed) await discardRest(request.body.getReader())
}

export async function discardRest(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
  // Also ends a read that is under way.
  const timer = setTimeout(() => reader.cancel().catch(() => {}), DISCARD_MAX_MS)
  try {
    let length = 0
    while (length < DISCARD_MAX_BYTES) {
      const { done, value } = await reader.read()
      if (done) return
      length += value.length
    }
    await reader.cancel()
  } catch {
    // The client has gone: nobody is left to be answered.
  } finally {
    clearTimeout(timer)
  }
}
