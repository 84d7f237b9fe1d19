// Guarantee: a request means what it says and nothing that was misspelt; a transfer's document says where it stands, and
// never what only its signer may know.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { toTransferDocument } from '../../../src/shared/schema/transfer-document.ts'
import {
  CALL_DATA_MAX_BYTES,
  CONFIRMATIONS_MAX,
  REFERENCE_MAX_CHARACTERS,
  TAG_MAX_CHARACTERS,
  TAGS_MAX,
  transferRequest,
} from '../../../src/shared/schema/transfer-request.ts'
import type { ExistingTransfer } from '../../../src/shared/transfer/state.ts'
import * as arbitrary from '../../support/arbitraries.ts'
import { requestOf, SIGNER, START, TENANT, transferIdOf } from '../../support/domain-values.ts'
import { holds } from '../../support/property.ts'
import { attempt, HASH, inclusionIn, NONCE } from '../../support/standings.ts'

const TO = '0x00000000000000000000000000000000000000bb'
const body = {
  chain: 'eip155:1',
  from: '0x00000000000000000000000000000000000000aa',
  action: { type: 'native', to: TO, amount: '1' },
}
const withAction = (action: unknown) => ({ ...body, action })

describe('a request', () => {
  test('that leaves out what can be left out means the usual', () => {
    expect(transferRequest.parse(body)).toEqual({
      ...body,
      action: { ...body.action, amount: 1n },
      speed: 'standard',
      not_before: null,
      deadline: null,
      max_fee_per_gas: null,
      confirmations: null,
      batch: 'auto',
      on_failure: 'fail',
      visibility: 'public',
      reference: null,
      tags: [],
    })
    const call = transferRequest.parse(withAction({ type: 'call', to: TO, data: '0x' }))
    expect(call.action).toEqual({ type: 'call', to: TO, data: '0x', value: 0n })
  })

  test.each<[string, unknown]>([
    ['a misspelt field', { ...body, deadlin: '2030-01-01T00:00:00Z' }],
    ['a misspelt field of its action', withAction({ ...body.action, token: TO })],
    ['no chain', { ...body, chain: undefined }],
    ['an unknown kind of action', withAction({ type: 'bridge', to: TO, amount: '1' })],
    ['an amount of nothing', withAction({ type: 'native', to: TO, amount: '0' })],
    ['an amount that is a number', withAction({ type: 'native', to: TO, amount: 1 })],
    ['a token without an amount', withAction({ type: 'erc20', to: TO, token: TO })],
    ['a cap of nothing', { ...body, max_fee_per_gas: '0' }],
    ['no confirmations', { ...body, confirmations: 0 }],
    ['more confirmations than there can be', { ...body, confirmations: CONFIRMATIONS_MAX + 1 }],
    ['too many tags', { ...body, tags: Array(TAGS_MAX + 1).fill('a') }],
    ['an empty tag', { ...body, tags: [''] }],
    ['a long tag', { ...body, tags: ['a'.repeat(TAG_MAX_CHARACTERS + 1)] }],
    ['a long reference', { ...body, reference: 'a'.repeat(REFERENCE_MAX_CHARACTERS + 1) }],
    [
      'too much calldata',
      withAction({ type: 'call', to: TO, data: `0x${'00'.repeat(CALL_DATA_MAX_BYTES + 1)}` }),
    ],
  ])('with %s is refused', (_, odd) => {
    expect(transferRequest.safeParse(odd).success).toBe(false)
  })

  test('is written as it is read', () => {
    holds(
      fc.property(arbitrary.request, (request) => {
        const wire: unknown = JSON.parse(JSON.stringify(z.encode(transferRequest, request)))
        expect(transferRequest.parse(wire)).toEqual(request)
      }),
    )
  })
})

describe('a document', () => {
  const base = {
    id: transferIdOf(1),
    tenant: TENANT,
    fingerprint: 'secret-fingerprint',
    request: requestOf({ reference: 'invoice-1', tags: ['a'] }),
    created_at: START,
    updated_at: START,
    generation: 2,
    retries: 0,
    speed_up: null,
    seen_view: 77,
    withdrawal: { cause: 'cancel', command: 'secret-command', answer: 'refused' },
  } as const
  const slot = { nonce: NONCE, attempts: [attempt()], number: null, cap: null }
  const documentOf = (state: ExistingTransfer) => toTransferDocument(state, { seq: 9, digest: 'd' }, 3)

  test('names the log that it was made from, and where to read more', () => {
    expect(documentOf({ ...base, phase: 'accepted' })).toMatchObject({
      id: base.id,
      status: 'accepted',
      status_reason: null,
      seq: 9,
      head: 'd',
      confirmations_needed: 3,
      created_at: '2026-01-31T12:00:00.000Z',
      reference: 'invoice-1',
      tags: ['a'],
      links: { self: `/v1/transfers/${base.id}`, wal: `/v1/transfers/${base.id}/wal` },
    })
  })

  test('calls what is bound accepted: asking the signer is our affair', () => {
    expect(documentOf({ ...base, phase: 'bound', signer: SIGNER })).toMatchObject({ status: 'accepted' })
  })

  test('says why it waits, failed, or what the block says before it is final', () => {
    const mined = { ...base, signer: SIGNER, slot, inclusion: inclusionIn(100, 'reverted') } as const
    const reasonOf = (state: ExistingTransfer) => documentOf(state).status_reason
    expect(reasonOf({ ...base, phase: 'held', signer: SIGNER, reason: 'funds' })).toBe('funds')
    expect(reasonOf({ ...mined, phase: 'mined' })).toBe('reverted')
    expect(reasonOf({ ...mined, phase: 'mined', inclusion: inclusionIn(100) })).toBeNull()
    expect(reasonOf({ ...mined, phase: 'failed', failure: 'reverted' })).toBe('reverted')
  })

  test('shows the transaction: nonce, attempts and block; the mined hash before the last one', () => {
    const state = { ...base, phase: 'mined', signer: SIGNER, slot, inclusion: inclusionIn(100) } as const
    expect(documentOf(state).steps).toMatchObject([
      {
        nonce: NONCE,
        hash: HASH,
        generation: 2,
        outcome: 'success',
        block_number: 100,
        delivered_amount: '1000',
        fee_paid: '231000',
        attempts: [{ index: 0, hash: HASH, gas_limit: '21000' }],
      },
    ])
    expect(documentOf({ ...base, phase: 'signed', signer: SIGNER, slot }).steps).toMatchObject([
      { hash: HASH, outcome: null, block_number: null },
    ])
  })

  test('shows the number of a step that shares its transaction', () => {
    const numbered = { ...slot, number: 300n }
    expect(documentOf({ ...base, phase: 'signed', signer: SIGNER, slot: numbered }).steps).toMatchObject([
      { number: 300 },
    ])
    expect(documentOf({ ...base, phase: 'signed', signer: SIGNER, slot }).steps).toMatchObject([
      { number: null },
    ])
  })

  test('says nothing of fingerprints, commands and views', () => {
    const text = JSON.stringify(documentOf({ ...base, phase: 'accepted' }))
    for (const word of ['secret-fingerprint', 'secret-command', '77']) expect(text).not.toContain(word)
  })
})
