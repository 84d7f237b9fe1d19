// What must hold when all is quiet: every transfer has its end, everybody who should know does, and the chain agrees.

import { type Address, isAddress } from '../../../src/shared/chain/address.ts'
import { assert } from '../../../src/shared/lib/assert.ts'
import { isPoolSender } from '../../../src/shared/pool/sender.ts'
import { nativeValue } from '../../../src/shared/signer/account/budget.ts'
import type { OpenSlot } from '../../../src/shared/signer/state/slot.ts'
import { WAKE_MOST_MS } from '../../../src/shared/transfer/next-wake.ts'
import { type BatchAction, partsOf } from '../../../src/shared/transfer/request.ts'
import { type ExistingTransfer, statusOf } from '../../../src/shared/transfer/state.ts'
import { isFinal } from '../../../src/shared/transfer/status.ts'
import type { StepInclusion } from '../../../src/shared/transfer/step-report.ts'
import type { TransferHost } from '../actors.ts'
import type { SimBlock } from '../chain/chain.ts'
import type { Client } from '../client.ts'
import { recipientOf } from '../plan.ts'
import type { World } from '../world.ts'
import type { TransferBook } from './books.ts'
import { Fences } from './fences.ts'

/** What is still to be done; empty: all is quiet. */
export function unrest(world: World): readonly string[] {
  const found: string[] = []
  const fences = new Fences(world)
  for (const client of world.clients) {
    const name = `t${client.plan.index}`
    if (client.open > 0) found.push(`the client of ${name} has no answer`)
    const book = world.auditor.transfers.get(client.id)
    const host = world.transfers.get(client.id)
    if (book !== undefined && host !== undefined && book.state.phase !== 'none') {
      found.push(...unrestOf(world, fences, name, client, book, host))
    }
  }
  found.push(...fences.unrest())
  for (const [signer, { state }] of world.auditor.signers) {
    if (fences.isSignerFenced(signer)) continue
    // Nothing of value hangs on it; whoever uses the signer next wakes it.
    const isForgotten = world.signers.get(signer)?.isAlarmLost ?? false
    const unheard = isForgotten
      ? 0
      : [...state.ended.values()].filter(
          ({ key, isAcknowledged }) => !isAcknowledged && world.auditor.strikes.of(key.transfer) === null,
        ).length
    if (state.pool.size + state.slots.size + state.carried.size + unheard > 0) {
      const name = `${world.stage.alias(signer)} at ${world.chain.head.ledger.nonce(addressIn(signer))}`
      const slots = [...state.slots.values()].map((slot) => slotText(world, slot)).join(', ')
      found.push(
        `${name}: ${state.pool.size} wait, slots [${slots}], ${state.carried.size} carried, ${unheard} ends not taken`,
      )
    }
  }
  const watched = world.auditor.chainBook?.state.watched.keys() ?? []
  const followed = [...watched].filter((address) => !fences.isAccountFenced(address)).length
  if (followed > 0) found.push(`the chain is followed for ${followed} accounts that have nothing under way`)
  const [busy] = world.hosts.filter(({ isIdle }) => !isIdle)
  if (busy !== undefined) found.push(`${world.stage.alias(busy.name)} is at work`)
  return found
}

function addressIn(signer: string): Address {
  const address = signer.split('/')[1] ?? ''
  assert(isAddress(address), 'a signer is named by its account')
  return address
}

function slotText(world: World, { nonce, sent, attempts }: OpenSlot): string {
  const block = attempts.map(({ hash }) => world.chain.blockOf(hash)).find((found) => found !== null)
  return `${nonce} ${sent}, ${block === undefined ? 'not mined' : `mined in ${block?.number}`}`
}

function unrestOf(
  world: World,
  fences: Fences,
  name: string,
  client: Client,
  { state, seq }: TransferBook,
  host: TransferHost,
): readonly string[] {
  if (state.phase === 'none' || fences.isFenced(client.id)) return []
  if (!isFinal(statusOf(state))) {
    const accounts = accountsOf(state, world)
    return accounts.every((account) => fences.isAccountFenced(account)) ? [] : [`${name} is ${state.phase}`]
  }
  // What it told before it was put back, others may have and it may not.
  if (fences.isAstray(client.id)) return []
  // The alarm that is left is the one at which the log is sealed, long after all that happens here.
  const { alarm } = host.storage
  if (alarm !== null && alarm <= world.stage.scheduler.now + WAKE_MOST_MS)
    return [`${name} still has an alarm`]
  const row = world.readModel.row(client.id)
  if (row?.seq !== seq) return [`${name} is at ${seq}, its row at ${row?.seq}`]
  const follower = world.followers.get(client.id)
  if (follower !== undefined && follower.seq < seq)
    return [`the follower of ${name} has ${follower.seq} of ${seq}`]
  return []
}

/** What can still take it: one of a pool as long as none is bound. */
function accountsOf(state: ExistingTransfer, world: World): readonly Address[] {
  if ('signer' in state) return [state.signer]
  const { from } = state.request
  return isPoolSender(from) ? world.plan.accounts : [from]
}

export function checkQuiet(world: World): void {
  world.auditor.checkReplay(world.transfers.values(), world.signers.values())
  for (const client of world.clients) checkClient(world, client)
}

function checkClient(world: World, client: Client): void {
  const { violations } = world.stage
  const name = `t${client.plan.index}`
  const book = world.auditor.transfers.get(client.id)
  const isThere = book !== undefined && book.state.phase !== 'none'
  violations.check('I2', client.accepted === null || isThere, () => `${name} was accepted and is nowhere`)
  if (!isThere || book === undefined) return
  const { state } = book
  if (state.phase === 'none' || !isFinal(statusOf(state))) return
  const inclusion = 'inclusion' in state ? state.inclusion : null
  const block = inclusion === null ? null : world.chain.blockOf(inclusion.hash)
  const isSo = inclusion === null || block?.hash === inclusion.block_hash
  violations.check('I5', isSo, () => `${name} is ${state.phase} in a block that is not there`)
  const ran = inclusion === null || block === null ? [] : world.auditor.ran(inclusion.hash, block)
  const isOwn = inclusion === null || ran.some(({ key }) => key.transfer === client.id)
  violations.check('I5', isOwn, () => `${name} is ${state.phase} by bytes that are not its own`)
  const isDone = ran.some(({ key, isDone }) => key.transfer === client.id && isDone)
  const isTold = state.phase !== 'finalized' || isDone
  violations.check('I5', isTold, () => `${name} is finalized, and the chain says that it failed`)
  if (inclusion === null) {
    const mined = minedOf(world, state)
    violations.check('I5', mined === null, () => `${name} is ${state.phase}, and ${mined} is mined`)
  }
  const mayRevert = partsOf(client.plan.request.action).some(({ type }) => type === 'call')
  const isFair = state.phase !== 'failed' || inclusion !== null || mayRevert
  violations.check('I5', isFair, () => `${name} failed unsigned, and it would have gone through`)
  checkValue(world, client, inclusion)
  checkRow(world, client, book)
}

/** What came to nothing and was admitted anew after that does not count. */
function minedOf(world: World, { id, generation }: ExistingTransfer): string | null {
  for (let block: SimBlock | null = world.chain.head; block !== null; block = block.parent) {
    for (const hash of block.receipts.keys()) {
      const own = world.auditor.ran(hash, block).filter(({ key }) => key.transfer === id)
      if (own.some(({ key, isDone }) => isDone || key.generation === generation)) return hash.slice(0, 10)
    }
  }
  return null
}

/** A recipient has what its transfer says that it was given, to the last unit. */
function checkValue(world: World, { plan }: Client, inclusion: StepInclusion | null): void {
  const { action } = plan.request
  if (action.type === 'call') return
  const { ledger } = world.chain.head
  const recipient = recipientOf(plan.index)
  const has = action.type === 'erc20' ? ledger.tokens(action.token, recipient) : ledger.balance(recipient)
  const told = action.type === 'batch' ? allOf(action, inclusion) : (inclusion?.delivered_amount ?? 0n)
  world.stage.violations.check('I7', has === told, () => `t${plan.index}: ${told} told, ${has} arrived`)
}

/** All of it, or nothing. A token that says it paid and moved nothing has undone none of the rest. */
function allOf(action: BatchAction, inclusion: StepInclusion | null): bigint {
  const isRun = inclusion?.outcome === 'success' || inclusion?.outcome === 'no_effect'
  return isRun ? nativeValue(action) : 0n
}

function checkRow(world: World, client: Client, book: TransferBook): void {
  const { violations } = world.stage
  const row = world.readModel.row(client.id)
  const document = world.transfers.get(client.id)?.awake?.row()?.document
  if (row === null || document === undefined || world.auditor.strikes.of(client.id) !== null) return
  violations.check(
    'I9',
    row.document === JSON.stringify(document) && book.digests.get(row.seq) === document.head,
    () => `the row of t${client.plan.index} is not what its log says`,
  )
}
