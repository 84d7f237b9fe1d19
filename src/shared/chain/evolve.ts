// evolve(state, record) -> state: the only way in which a chain's picture changes.

import { assert, assertDefined, assertNever } from '../lib/assert.ts'
import type { Address } from './address.ts'
import type { Inclusion } from './receipt.ts'
import type { ChainRecord, Match } from './records.ts'
import type { ChainState } from './state.ts'

type Recorded<Kind extends ChainRecord['kind']> = Extract<ChainRecord, { kind: Kind }>
type Inclusions = ChainState['inclusions']

export function evolve(state: ChainState, record: ChainRecord): ChainState {
  switch (record.kind) {
    case 'opened':
      assert(state.chain === null, 'a chain is opened once')
      return { ...state, chain: record.chain }
    case 'identified':
      assert(state.genesis === null, 'a chain has one first block')
      return { ...state, genesis: record.genesis }
    case 'watched':
      return { ...state, watched: new Map(state.watched).set(record.address, record.tenant) }
    case 'unwatched':
      return unwatch(state, record.address)
    case 'started':
      return { ...state, blocks: [record.block], inclusions: finalOnes(state) }
    case 'advanced':
      return advance(state, record)
    case 'finalized':
      return {
        ...state,
        finalized: record.block,
        blocks: state.blocks.filter((block) => block.number >= record.block.number),
      }
    case 'settled':
      return { ...state, inclusions: settle(state, record) }
    case 'fenced':
      return { ...state, fence: { reason: record.reason, at: record.at } }
    case 'unfenced':
      assert(state.fence?.reason === 'reset', 'a breach of finality is for a person to judge')
      return { ...state, fence: null }
    case 'witnessed': {
      const { address, incarnation, seq, digest } = record
      return { ...state, witnessed: new Map(state.witnessed).set(address, { incarnation, seq, digest }) }
    }
    default:
      return assertNever(record)
  }
}

function advance(state: ChainState, record: Recorded<'advanced'>): ChainState {
  const kept = state.blocks.slice(0, state.blocks.length - record.removed.length)
  let tip = assertDefined(kept.at(-1), 'a reorg leaves a common block')
  for (const block of record.added) {
    assert(block.parent_hash === tip.hash && block.number === tip.number + 1, 'blocks link by parent hash')
    tip = block
  }
  const removed = new Set<string>(record.removed.map((block) => block.hash))
  return {
    ...state,
    blocks: [...kept, ...record.added],
    inclusions: add(drop(state.inclusions, removed), record.matches),
  }
}

function drop(inclusions: Inclusions, removed: ReadonlySet<string>): Inclusions {
  if (removed.size === 0) return inclusions
  const left = new Map<Address, readonly Inclusion[]>()
  for (const [address, list] of inclusions) {
    left.set(
      address,
      list.filter(({ receipt }) => !removed.has(receipt.block_hash)),
    )
  }
  return left
}

function add(inclusions: Inclusions, matches: readonly Match[]): Inclusions {
  if (matches.length === 0) return inclusions
  const grown = new Map(inclusions)
  for (const { address, inclusion } of matches) {
    grown.set(address, withLogs(grown.get(address) ?? [], inclusion))
  }
  return grown
}

/** A transaction with very many logs comes in parts, one behind the other. */
function withLogs(known: readonly Inclusion[], part: Inclusion): readonly Inclusion[] {
  const last = known.at(-1)
  if (last === undefined || !isSameUse(last, part)) return [...known, part]
  const logs = [...last.receipt.logs, ...part.receipt.logs]
  return [...known.slice(0, -1), { ...last, receipt: { ...last.receipt, logs } }]
}

function isSameUse(one: Inclusion, other: Inclusion): boolean {
  const isSame = one.nonce === other.nonce && one.receipt.block_hash === other.receipt.block_hash
  return isSame && one.receipt.hash === other.receipt.hash && one.by === other.by
}

/** What is final stays so, wherever following begins; all else the walk finds again. */
function finalOnes(state: ChainState): Inclusions {
  const left = new Map<Address, readonly Inclusion[]>()
  for (const [address, list] of state.inclusions) {
    left.set(
      address,
      list.filter((inclusion) => isFinal(state, inclusion)),
    )
  }
  return left
}

/** Only what is final is forgotten: the rest may yet come to stand in another block. */
function settle(state: ChainState, told: Recorded<'settled'>): Inclusions {
  const { address } = told
  const left = (state.inclusions.get(address) ?? []).filter(
    (inclusion) => !isSettled(inclusion, told) || !isFinal(state, inclusion),
  )
  return new Map(state.inclusions).set(address, left)
}

/** Whether the signer has it, by what it told. */
export function isSettled(
  { nonce, by, receipt }: Inclusion,
  { below, through = -1 }: Pick<Recorded<'settled'>, 'below' | 'through'>,
): boolean {
  return by === undefined ? nonce < below : receipt.block_number <= through
}

export function isFinal({ finalized }: ChainState, { receipt }: Inclusion): boolean {
  return finalized !== null && receipt.block_number <= finalized.number
}

function unwatch(state: ChainState, address: Address): ChainState {
  const watched = new Map(state.watched)
  watched.delete(address)
  const inclusions = new Map(state.inclusions)
  inclusions.delete(address)
  return { ...state, watched, inclusions }
}
