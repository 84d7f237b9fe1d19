// What the archive asks of an object whose log it copies. Both are idempotent: whoever asks twice gets the same groups or
// later ones, and a cursor only grows.

/** A part, as its text (archive/log-part.ts). */
export type DeliveredPart = { readonly isSealed: boolean; readonly text: string }

export type Delivery = { readonly parts: readonly DeliveredPart[] }

/** Packs that hold these and their index are written. Null: nothing of this sort was delivered. */
export type ArchiveReceipt = {
  readonly incarnation: number
  readonly tailSeq: number | null
  readonly sealedSeq: number | null
}

export interface ArchivedActor {
  /** Groups that the archive does not have, oldest first, about so many as fit a delivery; null: nothing was ever written. */
  deliver(): Promise<Delivery | null>
  acknowledgeArchive(receipt: ArchiveReceipt): Promise<void>
}
