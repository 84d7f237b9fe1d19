// How small logs get: real records of every actor, with hashes and signatures that are as random as real ones, sealed as
// the objects do it, beside the same groups as rows of JSON.

import { packSegment, type SegmentGroup } from '../../src/durable-objects/wal/segment-block.ts'
import { canonicalJson, type Json } from '../../src/shared/lib/canonical-json.ts'
import { toRfc3339, unixMs } from '../../src/shared/lib/time.ts'
import type { By } from '../../src/shared/wal/by.ts'
import { leavesOf } from '../../src/shared/wal/group.ts'
import { randomFrom } from '../../test/support/random.ts'
import { type Row, row } from '../row.ts'

/** Of Brotli, as for a log that nothing will follow, and as for a long one under way. */
const SEAL_QUALITY = 10
const LONG_QUALITY = 4
const PACK = 100
const SIGNER_STEPS = 2_000
const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567'
const START_MS = Date.UTC(2026, 10, 28, 12)

type Turn = { readonly at: number; readonly by: By; readonly records: readonly Json[] }

export function sealedSizes(): readonly Row[] {
  const random = new RandomHex(7)
  const one = transferTurns(random)
  const pack = Array.from({ length: PACK }, () => transferTurns(random)).flat()
  const signer = signerTurns(random)
  return [
    size('sealed, one finished transfer', one, SEAL_QUALITY, 0.3, random),
    size('sealed, a pack of 100 transfers', pack, SEAL_QUALITY, 0.2, random),
    size('sealed, a long signer log', signer, LONG_QUALITY, 0.45, random),
    entropy('of that, random bytes alone', signer),
  ]
}

function size(name: string, turns: readonly Turn[], quality: number, than: number, random: RandomHex): Row {
  const sealed = packSegment(turns.map(grouped), quality).length
  return row({
    name,
    value: sealed,
    unit: 'bytes',
    floor: rowBytes(turns, random),
    goal: { of: 'ratio', is: '<=', than },
  })
}

/** Every hex run of at least 16 bytes counts by its bytes: nothing presses those. */
function entropy(name: string, turns: readonly Turn[]): Row {
  const text = turns.flatMap(({ records }) => records.map(canonicalJson)).join('')
  const runs = new Set(text.match(/[0-9a-f]{32,}/g) ?? [])
  const bytes = [...runs].reduce((sum, run) => sum + run.length / 2, 0)
  return row({ name, value: bytes, unit: 'bytes', floor: rowBytes(turns, new RandomHex(8)) })
}

function grouped({ at, by, records }: Turn): SegmentGroup {
  return { v: 1, at, by, leaves: leavesOf(records.map(canonicalJson)) }
}

function rowBytes(turns: readonly Turn[], random: RandomHex): number {
  let seq = 0
  const rows = turns.map(({ at, by, records }) => {
    seq += records.length
    return JSON.stringify({ seq, at: toRfc3339(unixMs(at)), by, records, digest: random.hex(32) })
  })
  return rows.join('\n').length
}

/** One good ERC-20 transfer, as its own log has it. */
function transferTurns(random: RandomHex): readonly Turn[] {
  const at = START_MS + random.below(86_400_000)
  const signer = `0x${random.hex(20)}`
  const hash = `0x${random.hex(32)}`
  const fees = {
    gas_limit: String(61_000 + random.below(3_000)),
    max_fee_per_gas: String(2_000_000_000 + random.below(900_000_000)),
    max_priority_fee_per_gas: '1000000000',
  }
  const inclusion = {
    hash,
    block_number: 21_000_000 + random.below(100_000),
    block_hash: `0x${random.hex(32)}`,
    outcome: 'success',
    delivered_amount: String(random.below(1_000_000_000)),
    gas_used: '51489',
    fee_paid: String(random.below(100_000_000_000)),
  }
  const request = {
    chain: 'eip155:31337',
    from: signer,
    action: {
      type: 'erc20',
      token: `0x${random.hex(20)}`,
      to: `0x${random.hex(20)}`,
      amount: inclusion.delivered_amount,
    },
    speed: 'standard',
    not_before: null,
    deadline: null,
    max_fee_per_gas: null,
    confirmations: null,
    batch: 'auto',
    visibility: 'public',
    reference: `invoice ${random.below(10_000)}`,
    tags: ['payroll'],
  }
  const fingerprint = random.hex(32)
  const accepted = {
    kind: 'accepted',
    transfer: `tr_${random.base32(52)}`,
    tenant: 'acme',
    fingerprint,
    request,
  }
  const by = (view: number): By => ({ source: 'signer', view })
  return [
    { at, by: { source: 'api', key: random.base32(16), role: 'operator' }, records: [accepted] },
    { at: at + 41, by: { source: 'queue' }, records: [{ kind: 'bound', generation: 0, signer }] },
    {
      at: at + 120,
      by: by(412),
      records: [
        { kind: 'signed', nonce: 17, attempt: { index: 0, hash, ...fees } },
        { kind: 'broadcast', hash },
      ],
    },
    {
      at: at + 940,
      by: by(415),
      records: [
        { kind: 'mined', inclusion },
        { kind: 'confirmed', confirmations: 1 },
      ],
    },
    { at: at + 4_940, by: by(431), records: [{ kind: 'finalized', inclusion }] },
  ]
}

/** Steps through one signer: admitted, reserved, signed, sent, mined, finalized, acknowledged. */
function signerTurns(random: RandomHex): readonly Turn[] {
  const turns: Turn[] = []
  for (let nonce = 0; nonce < SIGNER_STEPS; nonce++) {
    const at = START_MS + nonce * 400
    const key = { transfer: `tr_${random.base32(52)}`, step: 0, generation: 0 }
    const hash = `0x${random.hex(32)}`
    const fees = {
      gas_limit: '63180',
      max_fee_per_gas: String(2_000_000_000 + random.below(1_000_000)),
      max_priority_fee_per_gas: '1000000000',
    }
    const action = {
      type: 'erc20',
      token: '0x700b6a60ce7eaaea56f065753d8dcb9653dbad35',
      to: `0x${random.hex(20)}`,
      amount: String(random.below(1_000_000_000)),
    }
    const inclusion = {
      hash,
      block_number: 21_000_000 + nonce,
      block_hash: `0x${random.hex(32)}`,
      outcome: 'success',
      delivered_amount: action.amount,
      gas_used: '51489',
      fee_paid: String(random.below(100_000_000_000)),
    }
    const raw = `0x02f8b0827a69${nonce.toString(16).padStart(4, '0')}${action.token.slice(2)}${action.to.slice(2)}${random.hex(64)}`
    turns.push(
      {
        at,
        by: { source: 'queue' },
        records: [
          { kind: 'admitted', key, action, not_before: null, max_fee_per_gas: null },
          { kind: 'reserved', nonce, key, ...fees },
        ],
      },
      {
        at: at + 9,
        by: { source: 'queue' },
        records: [{ kind: 'signed', nonce, attempt: { index: 0, hash, ...fees }, steps: [key], raw }],
      },
      {
        at: at + 30,
        by: { source: 'queue' },
        records: [{ kind: 'sent', nonce, hash, class: 'accepted', endpoint: 'alpha', detail: null }],
      },
      {
        at: at + 800,
        by: { source: 'chain' },
        records: [{ kind: 'mined', nonce, inclusion, view: 3 * nonce }],
      },
      {
        at: at + 4_800,
        by: { source: 'chain' },
        records: [{ kind: 'finalized', nonce, inclusion, view: 3 * nonce + 9 }],
      },
      { at: at + 4_850, by: { source: 'transfer' }, records: [{ kind: 'acknowledged', keys: [key] }] },
    )
  }
  return turns
}

/** Digits that nothing presses, the same in every run. */
class RandomHex {
  readonly #random: () => number

  constructor(seed: number) {
    this.#random = randomFrom(seed)
  }

  below(bound: number): number {
    return Math.floor(this.#random() * bound)
  }

  hex(bytes: number): string {
    return Array.from({ length: bytes }, () => this.below(256).toString(16).padStart(2, '0')).join('')
  }

  base32(digits: number): string {
    return Array.from({ length: digits }, () => BASE32[this.below(32)]).join('')
  }
}
