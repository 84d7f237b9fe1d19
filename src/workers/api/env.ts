// What the API needs of the deployment, and nothing more: only workers/main.ts sees the whole environment.

import type { ChainId } from '../../shared/chain/chain-id.ts'
import type { ChainActor } from '../../shared/ports/chain-actor.ts'
import type { ActorNamespace } from '../../shared/ports/namespace.ts'
import type { SignerActor } from '../../shared/ports/signer-actor.ts'
import type { TransferActor } from '../../shared/ports/transfer-actor.ts'
import type { SubmissionMessage } from '../../shared/schema/queue-messages.ts'
import type { TransferDocument } from '../../shared/schema/transfer-document.ts'

/** A WebSocket goes to the object as the request that it is; everything else is a call. */
export type TransferStub = Pick<
  TransferActor,
  'create' | 'read' | 'history' | 'wal' | 'proof' | 'row' | 'cancel' | 'speedUp'
> & {
  fetch(request: Request): Promise<Response>
}
export type SignerStub = Pick<SignerActor, 'delegate' | 'summary'>
export type ChainStub = Pick<ChainActor, 'depth' | 'endpoints' | 'fees' | 'summary'>

export type ApiEnv = {
  readonly TRANSFER: ActorNamespace<TransferStub>
  readonly SIGNER: ActorNamespace<SignerStub>
  readonly CHAIN: ActorNamespace<ChainStub>
  readonly DB: D1Database
  readonly ARCHIVE: R2Bucket
  /** JSON: schema/deployment.ts. */
  readonly CHAINS: string
  /** Whether the chain has endpoints for private transfers: they are secrets. */
  readonly takesPrivate: (chain: ChainId) => boolean
  /** Submits a transfer now; null: it went onto the queue. */
  readonly submit: (message: SubmissionMessage) => Promise<TransferDocument | null>
}
