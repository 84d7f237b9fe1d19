// What of the environment the consumer of submissions sees; the API, which serves some of them itself, sees the same.

import { z } from 'zod'
import { broadcastAttempts } from '../../shared/adapters/broadcast.ts'
import { carryOutboxes, type EventsQueue } from '../../shared/adapters/carry-outboxes.ts'
import { chainNodes } from '../../shared/adapters/chain-nodes.ts'
import { membersOfPool } from '../../shared/adapters/d1/pool-members.ts'
import { shownStatement } from '../../shared/adapters/d1/shown-transfers.ts'
import { logEvent } from '../../shared/adapters/json-log.ts'
import { visibilityFor } from '../../shared/chain/policy.ts'
import { unixMs } from '../../shared/lib/time.ts'
import type { ChainActor } from '../../shared/ports/chain-actor.ts'
import type { Lessor } from '../../shared/ports/endpoint-lessor.ts'
import { type ActorNamespace, signerObjectName } from '../../shared/ports/namespace.ts'
import type { SignerActor } from '../../shared/ports/signer-actor.ts'
import type { TransferActor } from '../../shared/ports/transfer-actor.ts'
import type { Visibility } from '../../shared/routing/visibility.ts'
import { parseChainPolicies } from '../../shared/schema/deployment.ts'
import { within } from '../api/dependency.ts'
import { PoolStandings } from './pool-choice.ts'
import type { SubmissionsDeps } from './submissions.ts'

export type SubmissionsEnv = {
  readonly CHAINS: string
  readonly DB: D1Database
  readonly RPC_ENDPOINTS: string
  readonly EVENTS: EventsQueue
  readonly TRANSFER: ActorNamespace<Pick<TransferActor, 'bind' | 'acknowledgeProjection'>>
  readonly SIGNER: ActorNamespace<Pick<SignerActor, 'admit' | 'outcomes' | 'load'>>
  readonly CHAIN: ActorNamespace<Pick<ChainActor, 'lease'>>
}

/** Milliseconds. A signer that is slow to look at its account must not keep its pool waiting. */
const LOAD_WAIT_MS = 1_000

const shownRow = z.object({ id: z.string(), incarnation: z.number(), seq: z.number() })

/** Of this isolate; can be lost at any time. */
const standings = new PoolStandings()

export function submissionsDeps(env: SubmissionsEnv): SubmissionsDeps {
  return {
    now: () => unixMs(Date.now()),
    standings,
    shown: async (transfers) => {
      const { sql, params } = shownStatement(transfers)
      const { results } = await env.DB.prepare(sql)
        .bind(...params)
        .all()
      return shownRow.array().parse(results)
    },
    members: (pool) => membersOfPool(env.DB, pool),
    visibilityFor: (chain, account) => visibilityFor(parseChainPolicies(env.CHAINS).get(chain), account),
    load: (signer) =>
      within(LOAD_WAIT_MS, env.SIGNER.getByName(signerObjectName(signer.chain, signer.address)).load(signer)),
    transfers: env.TRANSFER,
    signers: env.SIGNER,
    carry: (outboxes) => carryOutboxes(env.EVENTS, outboxes),
    broadcast: async ({ chain, address }, attempts) => {
      const lessor: Lessor = (request) => env.CHAIN.getByName(chain).lease(chain, request)
      const asking = { purpose: 'broadcast', key: address } as const
      const nodesOf = (visibility: Visibility) =>
        chainNodes(env.RPC_ENDPOINTS, chain, lessor, asking, visibility)
      return broadcastAttempts(nodesOf, attempts)
    },
    log: logEvent,
  }
}
