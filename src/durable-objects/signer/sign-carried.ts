// Signs what others are to bring. What was written down before a crash is signed after it, the same.

import { unsignedBatch } from '../../shared/adapters/carriage.ts'
import type { ChainPolicy } from '../../shared/chain/policy.ts'
import type { SignerName } from '../../shared/ports/signer-actor.ts'
import type { TransactionSigner } from '../../shared/ports/transaction-signer.ts'
import type { SignerRecord } from '../../shared/signer/state/records.ts'
import type { SignerState } from '../../shared/signer/state/state.ts'

export type CarriedSigning = {
  readonly signer: Pick<TransactionSigner, 'signBatch'>
  readonly log: (event: string, fields: Readonly<Record<string, unknown>>) => void
}

/** What a key does not sign now it may sign later, until the time of the batch is over. */
export async function signCarried(
  deps: CarriedSigning,
  state: () => SignerState,
  name: SignerName,
  { chain }: ChainPolicy,
): Promise<readonly SignerRecord[]> {
  const unsigned = [...state().carried.values()].filter(({ signature }) => signature === null)
  const answers = await Promise.all(
    unsigned.map(async (batch) => ({
      batch: batch.id,
      signed: await deps.signer.signBatch(name.address, unsignedBatch(chain, batch)),
    })),
  )
  return answers.flatMap(({ batch, signed }): readonly SignerRecord[] => {
    if (!signed.ok) {
      deps.log('signer.not_signed', { ...name, batch, ...signed.error })
      return []
    }
    // Meanwhile it may have come to its end.
    const isOpen = state().carried.get(batch)?.signature === null
    return isOpen ? [{ kind: 'authorized', batch, signature: signed.value }] : []
  })
}
