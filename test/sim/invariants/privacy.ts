// What private endpoints see, and what the others do: nothing of what is private may come to those, and nothing else to these.

import type { TxHash } from '../../../src/shared/chain/hash.ts'
import type { SignerQuery } from '../../../src/shared/signer/account/account.ts'
import type { Endpoint } from '../chain/endpoint.ts'
import { recipientOf, type TransferPlan } from '../plan.ts'
import type { Stage } from '../stage.ts'
import type { SignerBook } from './books.ts'

export class Privacy {
  readonly #signers: ReadonlyMap<string, SignerBook>
  readonly #stage: Stage
  /** Recipients of private transfers, hex without a prefix: whoever sees one knows what is to be done. */
  #recipients: readonly string[] = []

  constructor(signers: ReadonlyMap<string, SignerBook>, stage: Stage) {
    this.#signers = signers
    this.#stage = stage
  }

  hide(transfers: readonly TransferPlan[]): void {
    const hidden = transfers.filter(({ request }) => request.visibility === 'private')
    this.#recipients = hidden.map(({ index }) => recipientOf(index).slice(2))
  }

  /** Bytes leave for this endpoint. What was signed in public may go on in private, when its account has become so. */
  handed(hash: TxHash, { traits: { name, isPrivate } }: Endpoint): void {
    const book = [...this.#signers.values()].find(({ signed }) => signed.has(hash))
    const bytes = book?.signed.get(hash)
    if (book === undefined || bytes === undefined) return
    const { violations, alias } = this.#stage
    const isKept = isPrivate ? bytes.isPrivate || book.state.isPrivate : !bytes.isPrivate
    const what = bytes.isPrivate ? 'private' : 'public'
    violations.check('privacy', isKept, () => `${what} bytes of ${alias(bytes.account)} go to ${name}`)
  }

  /** It is asked this. */
  look({ address, estimates }: SignerQuery, { traits: { name, isPrivate } }: Endpoint): void {
    if (isPrivate || this.#recipients.length === 0) return
    const asked = estimates.map(({ to, data }) => `${to}${data}`).join(' ')
    const seen = this.#recipients.find((recipient) => asked.includes(recipient))
    const { violations, alias } = this.#stage
    violations.check('privacy', seen === undefined, () => `${name} hears what ${alias(address)} is to do`)
  }
}
