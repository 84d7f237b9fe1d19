// A transfer's log: its class name, codec and fold.

import { z } from 'zod'
import { transferRecord } from '../../shared/schema/transfer-record.ts'
import { evolve } from '../../shared/transfer/evolve.ts'
import { mayHaveChosen } from '../../shared/transfer/old-copy.ts'
import type { TransferRecord } from '../../shared/transfer/records.ts'
import { NO_TRANSFER, type TransferState } from '../../shared/transfer/state.ts'
import type { TransferId } from '../../shared/transfer/transfer-id.ts'
import type { WalDamage } from '../../shared/wal/damage.ts'
import type { Storage } from '../sqlite/storage.ts'
import { type Fold, Journal } from '../wal/journal.ts'
import type { KeepingOptions } from '../wal/keeping.ts'
import type { RecordCodec } from '../wal/wal.ts'

export const TRANSFER_CLASS = 'TransferObject'

export type TransferJournal = Journal<TransferState, TransferRecord>

const codec: RecordCodec<TransferRecord> = {
  encode: (record) => z.encode(transferRecord, record),
  decode: (json) => transferRecord.parse(json),
}

/** A change of TransferState, or of what a record does to it, is another version: checkpoints of the old one do not count. */
export const TRANSFER_STATE_VERSION = '3'

const fold: Fold<TransferState, TransferRecord> = {
  version: TRANSFER_STATE_VERSION,
  initial: () => NO_TRANSFER,
  evolve,
  isState: (value): value is TransferState => typeof value === 'object' && value !== null && 'phase' in value,
}

export function openTransferJournal(storage: Storage, keeping?: KeepingOptions): TransferJournal | null {
  return Journal.open(storage, codec, fold, keeping)
}

export function createTransferJournal(
  storage: Storage,
  id: TransferId,
  keeping?: KeepingOptions,
): TransferJournal {
  return Journal.create(storage, codec, fold, { class: TRANSFER_CLASS, object: id }, keeping)
}

/**
 * What was brought up from the archive, and may have chosen a signer since, is an old copy still (T18). Not where it has gone on from
 * there: then a signer has answered it as of then (seed 142335).
 */
export function damageOf(journal: TransferJournal): WalDamage | null {
  const { repairs, head } = journal.wal
  const isBroughtUp = repairs.some(({ beyond, to_seq }) => beyond === true && to_seq >= head.seq)
  if (journal.damage === null && mayHaveChosen(journal.state, isBroughtUp)) journal.foundOld()
  return journal.damage
}
