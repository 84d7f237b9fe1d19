// The chain and the signers' logs say the same, once everything came to an end: no nonce is used that no log has, and each
// batch that was ours to run left its one word of evidence.

import { vi } from 'vitest'
import { z } from 'zod'
import { BATCH_DONE_TOPIC } from '../../src/shared/signer/evidence/evidence.ts'
import type { Chain } from './chain.ts'
import type { SignerLogs } from './signer-logs.ts'

/** Milliseconds: a runtime that is alive may still write its last records. */
const WITHIN_MS = 30_000
const AGAIN_MS = 200

const evidence = z.array(z.looseObject({ topics: z.tuple([z.string(), z.string()]) }))

type Book = {
  readonly signer: string
  readonly nonce: number
  /** Ids of batches, in order. */
  readonly batches: readonly string[]
}

/** `withoutEvidence`: batches that are known to have done nothing. Answers the batches of all signers together. */
export async function expectBooksAgree(chain: Chain, logs: SignerLogs, withoutEvidence = 0): Promise<number> {
  return vi.waitFor(
    async () => {
      const ours = ourBooks(logs)
      const brought = logs.broughtIds()
      const theirs = await Promise.all(
        ours.map(({ signer }) => chainBook(chain, signer, brought.get(signer) ?? new Set())),
      )
      const silent = ours.map((book, index) => silentBatches(book, theirs[index]))
      if (silent.includes(null) || silent.flat().length !== withoutEvidence)
        throw new Error(differences(ours, theirs))
      return ours.flatMap(({ batches }) => batches).length
    },
    { timeout: WITHIN_MS, interval: AGAIN_MS },
  )
}

/** Ids of ours that left no evidence; null: the chain has something else than the log. */
function silentBatches(ours: Book, theirs: Book | undefined): readonly string[] | null {
  if (theirs?.nonce !== ours.nonce) return null
  const told = new Set(theirs.batches)
  const isOurs = theirs.batches.every((id) => ours.batches.includes(id))
  return isOurs && told.size === theirs.batches.length ? ours.batches.filter((id) => !told.has(id)) : null
}

function differences(ours: readonly Book[], theirs: readonly Book[]): string {
  const pairs = ours.map((book, index) => [JSON.stringify(book), JSON.stringify(theirs[index])] as const)
  const different = pairs.filter(([one, other]) => one !== other)
  return different.map(([one, other]) => `log   ${one}\nchain ${other}`).join('\n')
}

function ourBooks(logs: SignerLogs): readonly Book[] {
  const batches = logs.batchIds()
  return [...logs.nextNonces()].map(([signer, nonce]) => {
    return { signer, nonce, batches: (batches.get(signer) ?? []).toSorted() }
  })
}

/** Whoever brings a batch again leaves its word again. */
async function chainBook(chain: Chain, signer: string, brought: ReadonlySet<string>): Promise<Book> {
  const filter = { address: signer, fromBlock: '0x0', topics: [BATCH_DONE_TOPIC] }
  const logs = evidence.parse(await chain.rpc('eth_getLogs', filter))
  const ids = logs.map(({ topics }) => topics[1])
  const batches = ids.filter((id, index) => !brought.has(id) || ids.indexOf(id) === index).toSorted()
  return { signer, nonce: await chain.transactionCount(signer), batches }
}
