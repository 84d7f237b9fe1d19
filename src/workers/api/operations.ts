// All operations that are served, in the order in which the reference shows them.

import { listChainEndpoints } from './chain-endpoints.ts'
import { readChainFees } from './chain-fees.ts'
import { listChains, readChain } from './chains.ts'
import { delegateSigner, revokeSigner } from './delegate-signer.ts'
import { readFeeReport } from './fee-report.ts'
import { healthz, readyz } from './health.ts'
import { readMe } from './me.ts'
import type { Operation } from './operation.ts'
import { listPools } from './pools.ts'
import { rebuild } from './rebuild/rebuild.ts'
import { listSigners } from './signers.ts'
import { cancelTransfer } from './transfers/cancel-transfer.ts'
import { createTransfer } from './transfers/create-transfer.ts'
import { listTransfers } from './transfers/list-transfers.ts'
import { followTransfer } from './transfers/live-transfer.ts'
import { proveRecord } from './transfers/prove-record.ts'
import { readTransfer } from './transfers/read-transfer.ts'
import { speedUpTransfer } from './transfers/speed-up-transfer.ts'
import { readHistory, readWal } from './transfers/transfer-log.ts'

export const OPERATIONS: readonly Operation[] = [
  createTransfer,
  listTransfers,
  readTransfer,
  readHistory,
  readWal,
  proveRecord,
  followTransfer,
  cancelTransfer,
  speedUpTransfer,
  listChains,
  readChain,
  readChainFees,
  listChainEndpoints,
  readFeeReport,
  listSigners,
  delegateSigner,
  revokeSigner,
  listPools,
  readMe,
  rebuild,
  healthz,
  readyz,
]
