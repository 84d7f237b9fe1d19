// Reads a body that somebody else sent, up to a bound. What was announced is not looked at: it may be missing or a lie.

type Reader = ReadableStreamDefaultReader<Uint8Array>

/** Null: there is more than `maxBytes`; `onTooMuch` then has the reader, to end or to drain what is left. */
export async function readBounded(
  body: ReadableStream<Uint8Array> | null,
  maxBytes: number,
  onTooMuch: (rest: Reader) => Promise<void>,
): Promise<Uint8Array | null> {
  if (body === null) return new Uint8Array(0)
  const reader: Reader = body.getReader()
  const chunks: Uint8Array[] = []
  let length = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    length += value.length
    if (length > maxBytes) {
      await onTooMuch(reader)
      return null
    }
    chunks.push(value)
  }
  const [only] = chunks
  return only !== undefined && chunks.length === 1 ? only : joined(chunks, length)
}

function joined(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const bytes = new Uint8Array(length)
  let offset = 0
  for (const chunk of chunks) {
    bytes.set(chunk, offset)
    offset += chunk.length
  }
  return bytes
}
