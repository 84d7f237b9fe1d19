// Every five minutes: what needs a person. Asks every chain and every signer how it stands, and looks for transfers whose logs
// are damaged. What does not answer now is no trouble of its own: it is asked again.

import type { Trouble } from '../../shared/adapters/d1/keep-alerts.ts'
import type { LogLevel } from '../../shared/adapters/json-log.ts'
import { mapBounded } from '../../shared/adapters/map-bounded.ts'
import { isAddress } from '../../shared/chain/address.ts'
import { type ChainId, isChainId } from '../../shared/chain/chain-id.ts'
import type { ChainActor } from '../../shared/ports/chain-actor.ts'
import { type ActorNamespace, signerObjectName } from '../../shared/ports/namespace.ts'
import type { SignerActor, SignerName } from '../../shared/ports/signer-actor.ts'
import { isTenantId } from '../../shared/tenancy/tenant-id.ts'

export type SignerRow = { readonly chain: string; readonly address: string; readonly tenant: string }

export type TroubleDeps = {
  readonly chains: readonly ChainId[]
  readonly knownSigners: () => Promise<readonly SignerRow[]>
  readonly fencedTransfers: () => Promise<readonly string[]>
  readonly signers: ActorNamespace<Pick<SignerActor, 'summary'>>
  readonly chainActors: ActorNamespace<Pick<ChainActor, 'summary'>>
  readonly keep: (troubles: readonly Trouble[], now: number) => Promise<void>
  readonly log: (level: LogLevel, event: string, fields: Readonly<Record<string, unknown>>) => void
}

const CALLS_AT_ONCE = 50

export async function watchTroubles(deps: TroubleDeps, now: number): Promise<void> {
  const troubles: Trouble[] = []
  for (const subject of await deps.fencedTransfers()) {
    troubles.push({ subject, kind: 'fenced', detail: 'its log is damaged, or an old copy' })
  }
  await mapBounded(deps.chains, CALLS_AT_ONCE, (chain) =>
    asked(deps, chain, troubles, () => deps.chainActors.getByName(chain).summary(chain)),
  )
  await mapBounded((await deps.knownSigners()).flatMap(nameOf), CALLS_AT_ONCE, (name) => {
    const subject = signerObjectName(name.chain, name.address)
    return asked(deps, subject, troubles, () => deps.signers.getByName(subject).summary(name))
  })
  await deps.keep(troubles, now)
  for (const trouble of troubles) deps.log('warn', 'alert.open', trouble)
}

async function asked(
  deps: TroubleDeps,
  subject: string,
  troubles: Trouble[],
  ask: () => Promise<{ readonly status: string; readonly status_reason: string | null }>,
): Promise<void> {
  try {
    const { status, status_reason } = await ask()
    if (status !== 'fenced' && status !== 'paused') return
    troubles.push({ subject, kind: status, detail: status_reason ?? status })
  } catch (error) {
    deps.log('warn', 'alert.not_answered', { subject, error })
  }
}

function nameOf({ chain, address, tenant }: SignerRow): readonly SignerName[] {
  return isChainId(chain) && isAddress(address) && isTenantId(tenant) ? [{ chain, address, tenant }] : []
}
