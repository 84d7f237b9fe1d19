// Named schemas of the OpenAPI document, made from the schemas that the code parses and encodes with: the wire form
// is the input side of each codec. zod's own generator writes them; the one in @hono/zod-openapi loses `nullable` on a
// reference and leaks it into the schema that is referred to.

import { z } from 'zod'
import { chainList, chainView } from '../../../shared/schema/api-chain.ts'
import { endpointList, endpointView } from '../../../shared/schema/api-endpoints.ts'
import { chainFeeReport, feeReportView, libraryFees } from '../../../shared/schema/api-fee-report.ts'
import { chainFees, feeForecast, speedQuote } from '../../../shared/schema/api-fees.ts'
import { poolPage, poolView } from '../../../shared/schema/api-pool.ts'
import { rebuildStep } from '../../../shared/schema/api-rebuild.ts'
import { health, me, readiness } from '../../../shared/schema/api-service.ts'
import { delegation, signerPage, signerView } from '../../../shared/schema/api-signer.ts'
import {
  statusChange,
  stepView,
  transferHistory,
  transferPage,
  transferView,
} from '../../../shared/schema/api-transfer.ts'
import { liveMessage } from '../../../shared/schema/live-message.ts'
import { fieldCode, fieldFault, problemCode, problemDocument } from '../../../shared/schema/problem.ts'
import {
  address,
  blockHash,
  chainId,
  hex,
  sender,
  seq,
  status,
  tenantId,
  time,
  transferId,
  txHash,
  uint256,
} from '../../../shared/schema/scalars.ts'
import { attemptSummary } from '../../../shared/schema/step-report.ts'
import {
  action,
  callAction,
  erc20Action,
  nativeAction,
  transferRequest,
} from '../../../shared/schema/transfer-request.ts'
import { by, recordProof, walDocument, wireGroup } from '../../../shared/schema/wal-document.ts'
import { EXAMPLE_HASH, EXAMPLE_ID, EXAMPLE_SIGNER_ADDRESS } from './examples.ts'

type Named = { readonly schema: z.ZodType; readonly json?: z.core.JSONSchema.BaseSchema }

const text = (description: string, pattern: string, ...examples: readonly string[]) => ({
  type: 'string' as const,
  description,
  pattern,
  examples: [...examples],
})

/** Scalars say in `json` what their check does: a function has no JSON Schema. */
const SCALARS = {
  Amount: {
    schema: uint256,
    json: text(
      'Base units (wei, or the smallest unit of a token) as decimal digits, 0 to 2^256 - 1.',
      '^(0|[1-9][0-9]{0,77})$',
      '1000000000000000',
    ),
  },
  Address: {
    schema: address,
    json: text(
      'An account. Taken in one case, or in mixed case with the right checksum (EIP-55); answered with the checksum.',
      '^0x[0-9a-fA-F]{40}$',
      EXAMPLE_SIGNER_ADDRESS,
    ),
  },
  Sender: {
    schema: sender,
    json: text(
      'An account, or a pool of accounts.',
      '^(0x[0-9a-fA-F]{40}|pool:[a-z0-9_-]{1,64})$',
      EXAMPLE_SIGNER_ADDRESS,
      'pool:payroll',
    ),
  },
  ChainId: {
    schema: chainId,
    json: text('CAIP-2.', '^eip155:[1-9][0-9]{0,15}$', 'eip155:1', 'eip155:31337'),
  },
  Hex: { schema: hex, json: text('Whole bytes.', '^0x([0-9a-fA-F]{2})*$', '0x', '0xd0e30db0') },
  Time: {
    schema: time,
    json: {
      type: 'string',
      format: 'date-time',
      description: 'RFC 3339; answered in UTC.',
      examples: ['2026-01-31T12:00:00.000Z'],
    },
  },
  TransferId: {
    schema: transferId,
    json: text('Made from the tenant and the Idempotency-Key.', '^tr_[a-z2-7]{51}[aq]$', EXAMPLE_ID),
  },
  TransactionHash: {
    schema: txHash,
    json: text('Hash of a transaction.', '^0x[0-9a-f]{64}$', EXAMPLE_HASH),
  },
  BlockHash: { schema: blockHash, json: text('Hash of a block.', '^0x[0-9a-f]{64}$', EXAMPLE_HASH) },
  Seq: {
    schema: seq,
    json: { type: 'integer', description: 'Position of a record in a log.', minimum: 1, examples: [5] },
  },
  TenantId: { schema: tenantId, json: text('A tenant.', '^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$', 'acme') },
} as const satisfies Record<string, Named>

const OBJECTS = {
  Status: { schema: status },
  LogRecord: {
    schema: wireGroup.shape.records.unwrap().element,
    json: {
      type: 'object',
      description: 'One record, as it was hashed. The fields depend on its kind.',
      properties: {
        kind: { type: 'string', examples: ['accepted', 'bound', 'signed', 'broadcast', 'mined'] },
      },
      required: ['kind'],
    },
  },
  TransferRequest: { schema: transferRequest },
  Action: { schema: action },
  NativeAction: { schema: nativeAction },
  Erc20Action: { schema: erc20Action },
  CallAction: { schema: callAction },
  Transfer: { schema: transferView },
  Step: { schema: stepView },
  Attempt: { schema: attemptSummary },
  TransferPage: { schema: transferPage },
  TransferHistory: { schema: transferHistory },
  StatusChange: { schema: statusChange },
  Wal: { schema: walDocument },
  WalGroup: { schema: wireGroup },
  RecordProof: { schema: recordProof },
  By: { schema: by },
  LiveMessage: { schema: liveMessage },
  Chain: { schema: chainView },
  ChainList: { schema: chainList },
  ChainFees: { schema: chainFees },
  EndpointList: { schema: endpointList },
  Endpoint: { schema: endpointView },
  FeeForecast: { schema: feeForecast },
  SpeedQuote: { schema: speedQuote },
  FeeReport: { schema: feeReportView },
  ChainFeeReport: { schema: chainFeeReport },
  LibraryFees: { schema: libraryFees },
  Signer: { schema: signerView },
  SignerPage: { schema: signerPage },
  Delegation: { schema: delegation },
  Pool: { schema: poolView },
  PoolPage: { schema: poolPage },
  RebuildStep: { schema: rebuildStep },
  Me: { schema: me },
  Health: { schema: health },
  Readiness: { schema: readiness },
  Problem: { schema: problemDocument },
  FieldFault: { schema: fieldFault },
  ProblemCode: { schema: problemCode },
  FieldCode: { schema: fieldCode },
} as const satisfies Record<string, Named>

export type ComponentName = keyof typeof SCALARS | keyof typeof OBJECTS

/** What a client sends is closed; answers may grow by a field, and a client that checks them must not break on it. */
const CLOSED: ReadonlySet<z.core.$ZodType> = new Set([transferRequest, nativeAction, erc20Action, callAction])

export type JsonSchema = z.core.JSONSchema.BaseSchema

export function componentSchemas(): Readonly<Record<string, JsonSchema>> {
  const named: Readonly<Record<string, Named>> = { ...SCALARS, ...OBJECTS }
  const registry = z.registry<{ id: string }>()
  const written = new Map<z.core.$ZodType, JsonSchema>()
  for (const [id, { schema, json }] of Object.entries(named)) {
    registry.add(schema, { id })
    if (json !== undefined) written.set(schema, json)
  }
  const { schemas } = z.toJSONSchema(registry, {
    io: 'input',
    unrepresentable: 'any',
    uri: componentUri,
    override: ({ zodSchema, jsonSchema }) => {
      replace(jsonSchema, written.get(zodSchema))
      tidy(jsonSchema, CLOSED.has(zodSchema))
    },
  })
  return Object.fromEntries(
    Object.keys(named).map((id) => {
      const { $schema: _, $id: __, ...schema } = schemas[id] ?? {}
      return [id, schema]
    }),
  )
}

export function componentUri(name: string): string {
  return `#/components/schemas/${name}`
}

/** Of one schema that has no name, such as a query parameter. */
export function inlineSchema(schema: z.ZodType): JsonSchema {
  const { $schema: _, ...json } = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    // zod leaves the default of a text that becomes something else to the output side.
    override: ({ zodSchema, jsonSchema }) => {
      const { default: value } = z.globalRegistry.get(zodSchema) ?? {}
      if (typeof value === 'number') jsonSchema.default = value
    },
  })
  return json
}

function replace(jsonSchema: JsonSchema, written: JsonSchema | undefined): void {
  if (written === undefined) return
  for (const key of Object.keys(jsonSchema)) delete jsonSchema[key]
  Object.assign(jsonSchema, written)
}

function tidy(jsonSchema: JsonSchema, isClosed: boolean): void {
  if (jsonSchema.additionalProperties === false && !isClosed) delete jsonSchema.additionalProperties
  // In OpenAPI it means that a client must not send it; zod means that the code does not write to the array.
  delete jsonSchema.readOnly
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum
}
