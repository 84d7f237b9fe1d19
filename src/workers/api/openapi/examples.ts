// Examples of the OpenAPI document. A test holds each against its schema.

export const EXAMPLE_ID = 'tr_ivbnafbx25kdz3mqb6yynvsqk7ap4eq3oa5ra7ylqmv4pjtdfnsq'
export const EXAMPLE_HASH = '0x8f1c3c0d7d1a2f34c8a9e7b6c5d4e3f2a1b0c9d8e7f6a5b4c3d2e1f0a9b8c7d6'
export const EXAMPLE_SIGNER_ADDRESS = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266'
const RECIPIENT = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
const TOKEN = '0x5FbDB2315678afecb367f032d93F642f64180aa3'
const EXECUTOR = '0x409b2289b3698FA44b9B9c48AdE9e1718e430015'
const CHAIN = 'eip155:31337'
const DIGEST = '3f2a1b0c9d8e7f6a5b4c3d2e1f0a9b8c7d68f1c3c0d7d1a2f34c8a9e7b6c5d4e'
const CREATED_AT = '2026-01-31T12:00:00.000Z'
const MINED_AT = '2026-01-31T12:00:02.413Z'

const NATIVE = { type: 'native', to: RECIPIENT, amount: '1000000000000000' }

export const EXAMPLE_BODIES = {
  native: { chain: CHAIN, from: EXAMPLE_SIGNER_ADDRESS, action: NATIVE, reference: 'invoice 42' },
  erc20: {
    chain: CHAIN,
    from: 'pool:payroll',
    action: { type: 'erc20', token: TOKEN, to: RECIPIENT, amount: '2500000' },
    confirmations: 3,
    tags: ['payroll'],
  },
  call: {
    chain: CHAIN,
    from: EXAMPLE_SIGNER_ADDRESS,
    action: { type: 'call', to: TOKEN, data: '0xd0e30db0', value: '1000000000000000' },
    deadline: '2030-01-31T12:00:00Z',
  },
  batch: {
    chain: CHAIN,
    from: EXAMPLE_SIGNER_ADDRESS,
    action: {
      type: 'batch',
      actions: [NATIVE, { type: 'erc20', token: TOKEN, to: RECIPIENT, amount: '2500000' }],
    },
    on_failure: 'retry',
  },
  private: { chain: CHAIN, from: 'pool:payroll', action: NATIVE, visibility: 'private' },
}

const SELF = `/v1/transfers/${EXAMPLE_ID}`

const EXAMPLE_STEP = {
  index: 0,
  number: null,
  action: NATIVE,
  status: 'mined',
  outcome: 'success',
  signer: EXAMPLE_SIGNER_ADDRESS,
  generation: 0,
  nonce: 7,
  hash: EXAMPLE_HASH,
  block_number: 120,
  block_hash: EXAMPLE_HASH,
  delivered_amount: '1000000000000000',
  gas_used: '21000',
  fee_paid: '21000000147000',
  attempts: [
    {
      index: 0,
      hash: EXAMPLE_HASH,
      gas_limit: '21000',
      max_fee_per_gas: '2000000014',
      max_priority_fee_per_gas: '1000000000',
    },
  ],
  confirmations: 1,
}

export const EXAMPLE_TRANSFER = {
  id: EXAMPLE_ID,
  status: 'mined',
  status_reason: null,
  seq: 6,
  head: DIGEST,
  chain: CHAIN,
  from: EXAMPLE_SIGNER_ADDRESS,
  action: NATIVE,
  speed: 'standard',
  confirmations_needed: 3,
  steps: [EXAMPLE_STEP],
  created_at: CREATED_AT,
  updated_at: MINED_AT,
  not_before: null,
  deadline: null,
  max_fee_per_gas: null,
  reference: 'invoice 42',
  tags: [],
  links: { self: SELF, history: `${SELF}/history`, wal: `${SELF}/wal`, live: `${SELF}/live` },
}

const EXAMPLE_CAUSE = { source: 'api', key: 'k3yid2abcdefghij', role: 'operator' }

export const EXAMPLE_HISTORY = {
  data: [
    {
      status: 'accepted',
      status_reason: null,
      at: CREATED_AT,
      seq: 1,
      by: EXAMPLE_CAUSE,
      cause: 'accepted',
    },
    {
      status: 'mined',
      status_reason: null,
      at: MINED_AT,
      seq: 6,
      by: { source: 'signer', view: 41 },
      cause: 'mined',
    },
  ],
}

export const EXAMPLE_WAL = {
  class: 'TransferObject',
  object: EXAMPLE_ID,
  head: { seq: 6, digest: DIGEST },
  groups: [
    {
      v: 1,
      seq: 2,
      at: CREATED_AT,
      by: { source: 'queue' },
      records: [{ kind: 'bound', generation: 0, signer: EXAMPLE_SIGNER_ADDRESS }],
      digest: DIGEST,
    },
  ],
}

const EXAMPLE_LOG = {
  records: 1_262,
  tail: { groups: 212, records: 262, bytes: 81_400 },
  sealed: { segments: 1, bytes: 118_000, ratio: 0.41 },
  checkpoint: { seq: 1_000, bytes: 2_100 },
  commits: { groups: 40, records: 96, largest: 16 },
  recovery: { records: 166, ms: 3 },
  profile: { name: 'latency', checkpoint_records: 5_000, segment_bytes: 620_000, quality: 4 },
  why:
    '262 records of 310 bytes, 0.0200 ms each to recover, state 2100 bytes: a checkpoint each 5000 records, ' +
    'bounded by 100 ms to recover',
}

export const EXAMPLE_PROOF = {
  class: 'TransferObject',
  object: EXAMPLE_ID,
  head: { seq: 6, digest: DIGEST },
  links: [{ number: 2, content: DIGEST, previous: DIGEST, skip: DIGEST }],
  group: { v: 1, seq: 2, at: CREATED_AT, by: { source: 'queue' }, count: 1, leaves: [DIGEST] },
  leaf: 0,
  records: [{ kind: 'bound', generation: 0, signer: EXAMPLE_SIGNER_ADDRESS }],
}

export const EXAMPLE_REBUILD_STEP = {
  stage: 'transfers',
  transfers_read: 42,
  transfers_lost: 1,
  transfers_unreadable: 0,
  next_cursor: null,
}

export const EXAMPLE_CHAIN = {
  chain: CHAIN,
  name: 'Anvil',
  native_symbol: 'ETH',
  block_time_ms: 1_000,
  confirmations: 1,
  executor: EXECUTOR,
  private_transfers: false,
  status: 'following',
  status_reason: null,
  head: { number: 122, hash: EXAMPLE_HASH },
  finalized: { number: 58, hash: EXAMPLE_HASH },
  log: EXAMPLE_LOG,
}

export const EXAMPLE_CHAIN_FEES = {
  chain: CHAIN,
  type: 'base_fee',
  gas_price: null,
  block: 24_337_700,
  base_fee: '57834932',
  next_base_fee: '61078418',
  known_blocks: 1_024,
  rule: { elasticity: 2, denominator: 8 },
  congestion: 'medium',
  forecast: [
    {
      blocks: 20,
      base_fee: { p5: '47127740', p25: '51803515', p50: '55228738', p75: '58276224', p95: '65901132' },
    },
  ],
  speeds: [
    {
      speed: 'economy',
      within_blocks: 100,
      probability: 1,
      waits_for_base_fee: '46300112',
      max_fee_per_gas: '83434502',
      max_priority_fee_per_gas: '1000',
      expected_price: '46301112',
    },
  ],
}

export const EXAMPLE_ENDPOINT_LIST = {
  chain: CHAIN,
  data: [
    {
      name: 'alpha-1',
      operator: 'alpha',
      private: false,
      weight: 1,
      capabilities: {
        batches: true,
        block_receipts: true,
        subscriptions: true,
        broadcasts: true,
        reads: true,
      },
      rate: 50,
      rate_used: 12.4,
      rate_leased: 37,
      breaker: 'closed',
      latency_ms: 41.3,
      faults: { timeout: 0, unreachable: 0, http: 0.012, malformed: 0, rate_limited: 0 },
      requests: 8_212,
      head: 24_337_700,
      lag_blocks: 0,
      paused_ms: 0,
    },
  ],
}

export const EXAMPLE_FEE_REPORT = {
  from: '2026-01-31T00:00:00.000Z',
  to: '2026-02-01T00:00:00.000Z',
  is_partial: false,
  data: [
    {
      chain: CHAIN,
      transfers: 120,
      batched: 100,
      gas_used: '1560000',
      fee_paid: '93600000000000',
      compared: {
        transfers: 120,
        gas_used: '1560000',
        fee_paid: '93600000000000',
        libraries: [
          {
            library: 'viem',
            fee: '163800000000000',
            saved: '70200000000000',
            saved_percent: 42.85,
            saved_by_batching: '62400000000000',
            saved_by_timing: '6240000000000',
            saved_by_tips: '1560000000000',
          },
        ],
      },
    },
  ],
}

export const EXAMPLE_SIGNER = {
  chain: CHAIN,
  address: EXAMPLE_SIGNER_ADDRESS,
  kind: 'plain',
  visibility: 'public',
  pools: ['payroll'],
  status: 'ready',
  status_reason: null,
  balance: '9999979000000000000000',
  next_nonce: 8,
  pool: 0,
  open_slots: 1,
  log: EXAMPLE_LOG,
}

export const EXAMPLE_POOL = {
  chain: CHAIN,
  name: 'payroll',
  from: 'pool:payroll',
  signers: [EXAMPLE_SIGNER_ADDRESS, RECIPIENT],
}

export const EXAMPLE_ME = {
  tenant: { id: 'acme', name: 'Acme Payments' },
  key: { id: 'k3yid2abcdefghij', role: 'operator', tier: 'standard' },
}
