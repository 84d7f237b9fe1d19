// `waybill proof ID SEQ`: one record, proved by the head of its log alone.

import { z } from 'zod'
import { isTransferId } from '../../shared/transfer/transfer-id.ts'
import { callApi, type Target } from '../api.ts'
import { fetchHead } from '../fetch-wal.ts'
import { verifyProof } from '../verify-proof.ts'
import { EXIT, type Exit, type Output, UsageError } from './outcome.ts'

/** A log that grows between two questions is asked again; one that grows at every one is being written to fast. */
const TRIES = 5

const proofHead = z.looseObject({ head: z.looseObject({ seq: z.number() }) })

/** `known`: the digest of the head, as the caller has it from elsewhere; null: what the transfer reports. */
export async function proofCommand(
  { id, seq: text, known }: { readonly id: string; readonly seq: string; readonly known: string | null },
  target: Target,
  out: Output,
): Promise<Exit> {
  if (!isTransferId(id)) throw new UsageError(`${id} is not the id of a transfer`)
  const seq = Number(text)
  if (!Number.isSafeInteger(seq) || seq < 1) throw new UsageError(`${text} is not the position of a record`)
  for (let attempt = 1; ; attempt++) {
    const document = await callApi(target, 'GET', `/v1/transfers/${id}/wal/${seq}`)
    const head = await headFor(document, id, known, target)
    if (head === null && attempt < TRIES) continue
    const verified = head === null ? null : verifyProof(document, head, seq)
    if (verified?.ok !== true) {
      out.line(`not proved: ${verified === null ? 'its head is not that of the log' : verified.error}`)
      return EXIT.wrong
    }
    out.line(JSON.stringify(verified.value))
    out.line(`proved: record ${seq} of ${id} stands in the log that ends in ${head?.digest}`)
    return EXIT.right
  }
}

/** Null: the log has grown between the two answers. */
async function headFor(document: unknown, id: string, known: string | null, target: Target) {
  const told = proofHead.safeParse(document)
  const seq = told.success ? told.data.head.seq : 0
  if (known !== null) return { seq, digest: known }
  const head = await fetchHead(target, id)
  return head.seq === seq ? head : null
}
