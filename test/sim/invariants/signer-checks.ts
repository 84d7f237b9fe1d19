// What must hold of a signer after each of its commits.

import { isDeepStrictEqual } from 'node:util'
import type { AccountCaps } from '../../../src/shared/fees/fee-caps.ts'
import type { SignerRecord } from '../../../src/shared/signer/state/records.ts'
import { runs, stepsOf } from '../../../src/shared/signer/state/slot.ts'
import { stepKeyText } from '../../../src/shared/transfer/step-report.ts'
import type { SignerHost } from '../actors.ts'
import type { SimBlock, SimChain } from '../chain/chain.ts'
import { BLOCK_MS } from '../chain/network.ts'
import type { Violations } from '../violations.ts'
import type { SignerBook } from './books.ts'

export function checkSigner(
  name: string,
  host: SignerHost,
  book: SignerBook,
  records: readonly SignerRecord[],
  { chain, caps }: { readonly chain: SimChain; readonly caps: AccountCaps },
  violations: Violations,
): void {
  for (const record of records) {
    checkRecord(name, record, book, chain, violations)
    checkHold(name, record, book, caps, violations)
  }
  checkLine(name, book, violations)
  checkRaises(name, book, violations)
  checkCaps(name, book, caps, violations)
  if (records.some(({ kind }) => kind === 'reserved' || kind === 'batched' || kind === 'entrusted'))
    checkFunds(name, book, chain, violations)
  const { pool, slots, carried } = book.state
  const isDriven = host.storage.alarm !== null || host.isAlarmRunning || host.isAlarmLost
  violations.check(
    'I2',
    pool.size + slots.size + carried.size === 0 || isDriven,
    () => `${name} has ${pool.size} waiting steps and ${slots.size} open slots, and no alarm`,
  )
}

/** The state in memory against the fold: costly for a full pool, so not after every commit. */
export function checkSignerFold(
  name: string,
  host: SignerHost,
  book: SignerBook,
  violations: Violations,
): void {
  const { awake } = host
  if (awake === null) return
  violations.check('I3', isDeepStrictEqual(awake.state, book.state), () => `${name} is not what its log says`)
}

function checkRecord(
  name: string,
  record: SignerRecord,
  book: SignerBook,
  chain: SimChain,
  violations: Violations,
): void {
  const owner = ownerOf(record)
  if (owner !== null) {
    const other = book.ownerBeside(owner.nonce, owner.text)
    violations.check('I4', other === null, () => `${name} gives nonce ${owner.nonce} away twice`)
  }
  const isEnd = record.kind === 'finalized' || record.kind === 'settled' || record.kind === 'delivered'
  const ended = isEnd ? book.inclusionOf(record) : null
  if (ended !== null && isEnd) {
    const what = record.kind === 'delivered' ? `batch ${record.batch}` : `nonce ${record.nonce}`
    const { block_number: number, block_hash: hash } = ended
    const isFinalThere = number <= chain.finalized && chain.has({ number, hash })
    violations.check(
      'I11',
      isFinalThere,
      () => `${name} ${what} final in block ${number}, of which ${chain.finalized} is final`,
    )
  }
  if (record.kind === 'annulled') {
    const block = record.by === null ? chain.at(chain.finalized) : chain.blockOf(record.by)
    const isFinalThere = block !== null && block.number <= chain.finalized
    const isOver = record.by !== null || (block?.minedAt ?? 0) > (book.validUntil.get(record.batch) ?? 0)
    violations.check('I11', isFinalThere && isOver, () => `${name} gives up ${record.batch} before its end`)
  }
  if (record.kind === 'closed') {
    const block = chain.blockOf(record.hash)
    const isFinalThere = block !== null && block.number <= chain.finalized
    violations.check(
      'I11',
      isFinalThere,
      () =>
        `${name} nonce ${record.nonce} closed by what is in block ${block?.number}, final is ${chain.finalized}`,
    )
  }
}

/** What a nonce is given to. */
function ownerOf(record: SignerRecord): { readonly nonce: number; readonly text: string } | null {
  if (record.kind === 'reserved') return { nonce: record.nonce, text: stepKeyText(record.key) }
  if (record.kind === 'batched') return { nonce: record.nonce, text: `batch ${record.batch}` }
  if (record.kind === 'filling') return { nonce: record.nonce, text: 'nothing' }
  if (record.kind === 'closing') return { nonce: record.nonce, text: `closing ${record.batch}` }
  return record.kind === 'delegating' ? { nonce: record.nonce, text: 'delegation' } : null
}

/** Signed in nonce order, and nothing above an unsigned slot; every slot's nonce is of the line. */
function checkLine(name: string, { state }: SignerBook, violations: Violations): void {
  let unsigned: number | null = null
  let last = -1
  for (const slot of state.slots.values()) {
    const isInOrder = slot.nonce > last && (state.nextNonce === null || slot.nonce < state.nextNonce)
    violations.check('I4', isInOrder, () => `${name}: slot ${slot.nonce} after ${last}`)
    last = slot.nonce
    // A filler closes a gap that a reorg left below what was signed.
    if (slot.work.kind === 'filler') continue
    if (slot.attempts.length === 0) unsigned ??= slot.nonce
    else
      violations.check(
        'I4',
        unsigned === null,
        () => `${name}: nonce ${slot.nonce} is signed above ${unsigned}`,
      )
  }
}

/** Each raise is what strict nodes take, and costs an eighth more: no more than one for each block, but for the first. */
function checkRaises(name: string, { raises }: SignerBook, violations: Violations): void {
  for (const { nonce, index, afterMs, isEnough } of raises) {
    const isInTime = index === 1 || afterMs >= BLOCK_MS
    violations.check('I7', isInTime, () => `${name} outbids itself at nonce ${nonce} after ${afterMs} ms`)
    violations.check('I7', isEnough, () => `${name} replaces nonce ${nonce} for a tenth more or less`)
  }
}

/** What keeps a step is a cap that there is, of the value that is told. */
function checkHold(
  name: string,
  record: SignerRecord,
  { state }: SignerBook,
  caps: AccountCaps,
  violations: Violations,
): void {
  if (record.kind === 'capped') checkCapped(name, record, state, caps, violations)
  if (record.kind !== 'held' || record.reason !== 'fee_cap') return
  const own = state.pool.get(stepKeyText(record.key))
  const { cap } = record
  // It may have gone since, with the same commit.
  const transfer = own === undefined ? cap?.most : own.max_fee_per_gas
  const isSo = cap !== undefined && cap.most === { ...caps, transfer }[cap.by]
  violations.check('I7', isSo, () => `${name} says that a cap keeps a step, and there is none like it`)
}

/** Of a slot, which may have ended since, with the same commit. */
function checkCapped(
  name: string,
  { nonce, cap }: Extract<SignerRecord, { kind: 'capped' }>,
  { slots }: SignerBook['state'],
  caps: AccountCaps,
  violations: Violations,
): void {
  const slot = slots.get(nonce)
  if (cap === null || slot === undefined) return
  const own = stepsOf(slot).map((step) => step.cap)
  const isSo = cap.by === 'transfer' ? own.includes(cap.most) : caps[cap.by] === cap.most
  violations.check(
    'I7',
    isSo,
    () => `${name} says that a cap keeps nonce ${nonce}, and there is none like it`,
  )
}

/** What runs a step bids no more than its transfer allows, and nothing more than account and chain do. */
function checkCaps(name: string, { state }: SignerBook, caps: AccountCaps, violations: Violations): void {
  for (const slot of state.slots.values()) {
    for (const most of [caps.signer, caps.chain]) {
      const isWithin = most === null || slot.attempts.every((attempt) => attempt.max_fee_per_gas <= most)
      violations.check('I7', isWithin, () => `${name} bids more than ${most} at nonce ${slot.nonce}`)
    }
    for (const { key, cap } of stepsOf(slot)) {
      if (cap === null) continue
      const isWithin = slot.attempts.every((attempt) => !runs(attempt, key) || attempt.max_fee_per_gas <= cap)
      violations.check(
        'I7',
        isWithin,
        () => `${name} bids more than ${cap} for a step of nonce ${slot.nonce}`,
      )
    }
  }
}

/** Blocks in which a balance that an endpoint tells may still have been true: one may stand still for thirty. */
const BALANCE_BLOCKS = 45

/** Open slots promise no more value than the account had lately. Fees are left out: what they will be is not known yet. */
function checkFunds(name: string, { state }: SignerBook, chain: SimChain, violations: Violations): void {
  const { identity } = state
  if (identity === null) return
  const { ledger } = chain.head
  const nonce = ledger.nonce(identity.address)
  let promised = 0n
  for (const slot of state.slots.values()) {
    if (slot.nonce < nonce) continue
    for (const { action } of stepsOf(slot)) if (action.type === 'native') promised += action.amount
  }
  for (const { steps, inclusion } of state.carried.values()) {
    if (inclusion !== null) continue
    for (const { action, number } of steps) {
      const isRun = ((ledger.used(identity.address, number >> 8n) >> (number & 0xffn)) & 1n) === 1n
      if (action.type === 'native' && !isRun) promised += action.amount
    }
  }
  let most = 0n
  let block: SimBlock | null = chain.head
  for (let count = 0; count < BALANCE_BLOCKS && block !== null; count++, block = block.parent) {
    const balance = block.ledger.balance(identity.address)
    if (balance > most) most = balance
  }
  violations.check('I7', promised <= most, () => `${name} promises ${promised} of ${most}`)
}
