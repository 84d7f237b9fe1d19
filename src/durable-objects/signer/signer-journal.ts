// A signer's log: its class name, codec and fold.

import { z } from 'zod'
import { signerRecord } from '../../shared/schema/signer-record.ts'
import { evolve } from '../../shared/signer/state/evolve.ts'
import type { SignerRecord } from '../../shared/signer/state/records.ts'
import { newSigner, type SignerState } from '../../shared/signer/state/state.ts'
import type { Storage } from '../sqlite/storage.ts'
import { type Fold, Journal } from '../wal/journal.ts'
import type { KeepingOptions } from '../wal/keeping.ts'
import type { RecordCodec } from '../wal/wal.ts'

export const SIGNER_CLASS = 'SignerObject'

export type SignerJournal = Journal<SignerState, SignerRecord>

const codec: RecordCodec<SignerRecord> = {
  encode: (record) => z.encode(signerRecord, record),
  decode: (json) => signerRecord.parse(json),
}

/** A change of SignerState, or of what a record does to it, is another version: checkpoints of the old one do not count. */
export const SIGNER_STATE_VERSION = '6'

const fold: Fold<SignerState, SignerRecord> = {
  version: SIGNER_STATE_VERSION,
  initial: newSigner,
  evolve,
  isState: (value): value is SignerState =>
    typeof value === 'object' && value !== null && 'pool' in value && value.pool instanceof Map,
}

export function openSignerJournal(storage: Storage, keeping?: KeepingOptions): SignerJournal | null {
  return Journal.open(storage, codec, fold, keeping)
}

export function createSignerJournal(storage: Storage, name: string, keeping?: KeepingOptions): SignerJournal {
  return Journal.create(storage, codec, fold, { class: SIGNER_CLASS, object: name }, keeping)
}
