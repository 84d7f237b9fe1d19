// What a node says, made fit for a record or a log: short, one line, without what must not be there.

/** Characters. Verdicts are a line; more is a page of HTML or a dump. */
const MOST_CHARACTERS = 500

/** Gateways quote the upstream URL, token and all. */
const URL_PATTERN = /\b(?:https?|wss?):\/\/(?:[^\s"'<>)]|<token>)+/gi
/** More than a hash: signed bytes that the node echoes, which never leave the signer. */
const LONG_HEX_PATTERN = /0x[0-9a-f]{65,}/gi

export function printableWords(text: string): string {
  return (
    text
      .slice(0, 4 * MOST_CHARACTERS)
      .replace(URL_PATTERN, '<url>')
      .replace(LONG_HEX_PATTERN, '<bytes>')
      .replace(/[\p{Cc}\s]+/gu, ' ')
      .trim()
      .slice(0, MOST_CHARACTERS)
      // A cut may leave half a character, and a node may send one: neither can stand in a log.
      .toWellFormed()
  )
}
