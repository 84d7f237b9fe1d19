// Arbitrary values of the domain, from the types: all that a type and its limits allow, not only what is usual.

import fc from 'fast-check'
import { unixMs } from '../../src/shared/lib/time.ts'
import { UINT256_MAX } from '../../src/shared/schema/scalars.ts'
import {
  BATCH_ACTIONS_MAX,
  CONFIRMATIONS_MAX,
  REFERENCE_MAX_CHARACTERS,
  TAG_MAX_CHARACTERS,
  TAGS_MAX,
} from '../../src/shared/schema/transfer-request.ts'
import { ROLES } from '../../src/shared/tenancy/role.ts'
import { SPEEDS } from '../../src/shared/transfer/request.ts'
import { STEP_OUTCOMES } from '../../src/shared/transfer/step-report.ts'
import { OWN_SOURCES } from '../../src/shared/wal/by.ts'
import {
  addressOf,
  blockHashOf,
  chainIdOf,
  hexOf,
  poolOf,
  tenantIdOf,
  transferIdOf,
  txHashOf,
} from './domain-values.ts'

/** The last millisecond that RFC 3339 can write. */
const LAST_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999)
const HIGHEST_BIGINT_ADDRESS = 0xffff_ffff

/** Text that is Unicode: the API refuses half a surrogate pair. */
export const text = (limits: fc.StringConstraints = {}) => fc.string({ unit: 'binary', ...limits })

export const address = fc.nat(HIGHEST_BIGINT_ADDRESS).map(addressOf)
export const txHash = fc.nat().map(txHashOf)
export const blockHash = fc.nat().map(blockHashOf)
export const hex = fc
  .uint8Array({ maxLength: 80 })
  .map((bytes) => hexOf(`0x${Buffer.from(bytes).toString('hex')}`))
export const chain = fc.integer({ min: 1 }).map((reference) => chainIdOf(`eip155:${reference}`))
export const tenant = fc.stringMatching(/^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/).map(tenantIdOf)
export const transfer = fc.nat(9).map(transferIdOf)
export const time = fc.integer({ min: 0, max: LAST_MS }).map(unixMs)
export const uint256 = fc.bigInt({ min: 0n, max: UINT256_MAX })
export const positive = fc.bigInt({ min: 1n, max: UINT256_MAX })
export const count = fc.maxSafeNat()

export const by = fc.oneof(
  fc.record({ source: fc.constant('api' as const), key: text(), role: fc.constantFrom(...ROLES) }),
  fc.record({ source: fc.constant('signer' as const), view: count }),
  fc.record({ source: fc.constantFrom(...OWN_SOURCES) }),
)

const singleAction = fc.oneof(
  fc.record({ type: fc.constant('native' as const), to: address, amount: positive }),
  fc.record({ type: fc.constant('erc20' as const), token: address, to: address, amount: positive }),
  fc.record({ type: fc.constant('call' as const), to: address, data: hex, value: uint256 }),
)

export const action = fc.oneof(
  { weight: 3, arbitrary: singleAction },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('batch' as const),
      actions: fc.array(singleAction, { minLength: 1, maxLength: BATCH_ACTIONS_MAX }),
    }),
  },
)

export const request = fc.record({
  chain,
  from: fc.oneof(address, fc.stringMatching(/^[a-z0-9_-]{1,64}$/).map(poolOf)),
  action,
  speed: fc.constantFrom(...SPEEDS),
  not_before: fc.option(time),
  deadline: fc.option(time),
  max_fee_per_gas: fc.option(positive),
  confirmations: fc.option(fc.integer({ min: 1, max: CONFIRMATIONS_MAX })),
  batch: fc.constantFrom('auto' as const, 'never' as const),
  on_failure: fc.constantFrom('fail' as const, 'retry' as const),
  visibility: fc.constantFrom('public' as const, 'private' as const),
  // A character outside the basic plane counts twice.
  reference: fc.option(text({ maxLength: REFERENCE_MAX_CHARACTERS / 2 })),
  tags: fc.array(text({ minLength: 1, maxLength: TAG_MAX_CHARACTERS / 2 }), { maxLength: TAGS_MAX }),
})

export const stepKey = fc.record({ transfer, step: count, generation: count })

export const attemptSummary = fc.record({
  index: count,
  hash: txHash,
  gas_limit: uint256,
  max_fee_per_gas: uint256,
  max_priority_fee_per_gas: uint256,
})

export const stepInclusion = fc.record({
  hash: txHash,
  block_number: count,
  block_hash: blockHash,
  outcome: fc.constantFrom(...STEP_OUTCOMES),
  delivered_amount: fc.option(uint256),
  gas_used: uint256,
  fee_paid: uint256,
})
