// What a client does: posts one native and one ERC-20 transfer, follows both over WebSocket until they are final.

import { randomBytes } from 'node:crypto'
import { formatUnits, getAddress, parseEther } from 'viem'
import { z } from 'zod'
import { assertDefined } from '../../src/shared/lib/assert.ts'
import { followTransfer, type LiveRecord, postTransfer, readTransfer } from './client.ts'
import type { Console, Paint } from './console.ts'
import type { Stack } from './stack.ts'

/** Anvil's ninth account: somebody who owns it can be found. */
const RECIPIENT = getAddress('0x23618e81e3f5cdf7f54c3d65f7fbc0abf5b21e8f')
/** Both the coin and the demo token have 18. */
const DECIMALS = 18
/** Hex digits of an address or a hash that are shown where space is short. */
const SHORT_LENGTH = 10
/** Characters of the columns. */
const NAME_WIDTH = 8
const KIND_WIDTH = 11

type Order = {
  readonly name: string
  readonly from: string
  readonly amount: bigint
  readonly unit: string
  readonly action: Readonly<Record<string, string>>
}

export type DemoResult = {
  readonly name: string
  readonly id: string
  readonly status: string
  readonly hash: string | null
  readonly block: number | null
}

export async function runDemo(stack: Stack, out: Console, signal: AbortSignal): Promise<DemoResult[]> {
  const run = randomBytes(4).toString('hex')
  const since = Date.now()
  const orders = ordersFor(stack)
  const running = Promise.all(orders.map((order) => runOrder(stack, out, order, run, since, signal)))
  const results = await out.waitFor('until both are final', running)
  out.line()
  for (const { name, id, status, hash, block } of results) {
    out.row(name, `${paintStatus(out, status)} in block ${block ?? '-'}`)
    out.row('', `${hash ?? '-'}`)
    out.row('', out.paint('dim', id))
  }
  return results
}

function ordersFor(stack: Stack): readonly Order[] {
  const [first, second = first] = stack.signers
  const from = (signer: string | undefined) => getAddress(assertDefined(signer, 'the tenant dev has signers'))
  const native = parseEther('0.01')
  const token = parseEther('25')
  return [
    {
      name: 'native',
      from: from(first),
      amount: native,
      unit: 'ETH',
      action: { type: 'native', to: RECIPIENT, amount: native.toString() },
    },
    {
      name: 'erc20',
      from: from(second),
      amount: token,
      unit: 'DEMO',
      action: { type: 'erc20', token: getAddress(stack.token), to: RECIPIENT, amount: token.toString() },
    },
  ]
}

async function runOrder(
  stack: Stack,
  out: Console,
  order: Order,
  run: string,
  since: number,
  signal: AbortSignal,
): Promise<DemoResult> {
  const { name, from, action } = order
  const reference = `npm start, ${name}`
  const body = { chain: stack.chain, from, action, reference, tags: ['demo'] }
  const { id } = await postTransfer(stack, `demo-${run}-${name}`, body, signal)
  const amount = `${formatUnits(order.amount, DECIMALS)} ${order.unit}`
  out.row(name, `${amount} from ${short(from)} to ${short(RECIPIENT)}  ${out.paint('dim', short(id))}`)
  const tell = (record: LiveRecord) => out.line(recordLine(out, name, record, since))
  await followTransfer(stack, id, tell, signal)
  const { status, steps } = await readTransfer(stack, id, signal)
  const [step] = steps
  return { name, id, status, hash: step?.hash ?? null, block: step?.block_number ?? null }
}

function recordLine(out: Console, name: string, message: LiveRecord, since: number): string {
  const time = out.paint('dim', `${((Date.parse(message.at) - since) / 1_000).toFixed(2)} s`.padStart(9))
  const { kind } = message.record
  const detail = detailOf(message)
  const end =
    detail === '' ? '' : ' '.repeat(Math.max(1, KIND_WIDTH - kind.length)) + out.paint('dim', detail)
  return `  ${time}  ${name.padEnd(NAME_WIDTH)}${paintStatus(out, kind)}${end}`
}

/** What of a record is worth a look. Kinds that say all with their name have none. */
const telling = z.looseObject({
  nonce: z.number().optional(),
  hash: z.string().optional(),
  signer: z.string().optional(),
  reason: z.string().optional(),
  failure: z.string().optional(),
  confirmations: z.number().optional(),
  attempt: z.looseObject({ hash: z.string() }).optional(),
  inclusion: z.looseObject({ block_number: z.number(), outcome: z.string(), gas_used: z.string() }).nullish(),
})

function detailOf({ record }: LiveRecord): string {
  const { nonce, hash, signer, reason, failure, confirmations, attempt, inclusion } = telling.parse(record)
  const parts = [
    signer === undefined ? null : `signer ${short(signer)}`,
    nonce === undefined ? null : `nonce ${nonce}`,
    attempt === undefined ? null : short(attempt.hash),
    hash === undefined ? null : short(hash),
    inclusion == null
      ? null
      : `block ${inclusion.block_number}, ${inclusion.outcome}, gas ${inclusion.gas_used}`,
    confirmations === undefined ? null : `${confirmations} confirmation${confirmations === 1 ? '' : 's'}`,
    reason ?? null,
    failure ?? null,
  ]
  return parts.filter((part) => part !== null).join('  ')
}

const STATUS_PAINT: Readonly<Record<string, Paint>> = {
  finalized: 'green',
  mined: 'cyan',
  confirmed: 'cyan',
  held: 'yellow',
  unclear: 'yellow',
  orphaned: 'yellow',
  failed: 'red',
  expired: 'red',
  canceled: 'red',
}

function paintStatus(out: Console, status: string): string {
  const paint = STATUS_PAINT[status]
  return paint === undefined ? status : out.paint(paint, status)
}

function short(text: string): string {
  return text.length > SHORT_LENGTH + 1 ? `${text.slice(0, SHORT_LENGTH)}…` : text
}
