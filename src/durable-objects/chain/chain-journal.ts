// A chain's log: its class name, codec and fold.

import { z } from 'zod'
import type { ChainId } from '../../shared/chain/chain-id.ts'
import { evolve } from '../../shared/chain/evolve.ts'
import type { ChainRecord } from '../../shared/chain/records.ts'
import { type ChainState, NO_CHAIN } from '../../shared/chain/state.ts'
import { chainRecord } from '../../shared/schema/chain-record.ts'
import type { Storage } from '../sqlite/storage.ts'
import { type Fold, Journal } from '../wal/journal.ts'
import type { KeepingOptions } from '../wal/keeping.ts'
import type { RecordCodec } from '../wal/wal.ts'

export const CHAIN_CLASS = 'ChainObject'

export type ChainJournal = Journal<ChainState, ChainRecord>

const codec: RecordCodec<ChainRecord> = {
  encode: (record) => z.encode(chainRecord, record),
  decode: (json) => chainRecord.parse(json),
}

/** A change of ChainState, or of what a record does to it, is another version: checkpoints of the old one do not count. */
export const CHAIN_STATE_VERSION = '1'

const fold: Fold<ChainState, ChainRecord> = {
  version: CHAIN_STATE_VERSION,
  initial: () => NO_CHAIN,
  evolve,
  isState: (value): value is ChainState =>
    typeof value === 'object' && value !== null && 'inclusions' in value && value.inclusions instanceof Map,
}

export function openChainJournal(storage: Storage, keeping?: KeepingOptions): ChainJournal | null {
  return Journal.open(storage, codec, fold, keeping)
}

export function createChainJournal(storage: Storage, chain: ChainId, keeping?: KeepingOptions): ChainJournal {
  return Journal.create(storage, codec, fold, { class: CHAIN_CLASS, object: chain }, keeping)
}
