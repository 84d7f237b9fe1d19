// `waybill verify FILE|ID`: a log in a file, a pack of the archive, or a transfer's log fetched from the API.

import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import type { PackFault } from '../../shared/archive/pack-index.ts'
import { isTransferId } from '../../shared/transfer/transfer-id.ts'
import type { WireGroup } from '../../shared/wal/group.ts'
import type { Target } from '../api.ts'
import { fetchHead, fetchWal } from '../fetch-wal.ts'
import { verifyPack } from '../verify-pack.ts'
import { verifyWal, type WalProblem } from '../verify-wal.ts'
import { EXIT, type Exit, type Output, UsageError } from './outcome.ts'

/** What every pack begins with; no JSON does. */
const PACK_START = 'WBPACK'

export async function verifyCommand(name: string, target: () => Target, out: Output): Promise<Exit> {
  if (isTransferId(name)) return verifyTransfer(name, target(), out)
  const bytes = new Uint8Array(
    await readFile(name).catch((error: unknown) => {
      throw new UsageError(
        `${name} is neither the id of a transfer nor a file that can be read: ${String(error)}`,
      )
    }),
  )
  const isPack = new TextDecoder().decode(bytes.subarray(0, PACK_START.length)) === PACK_START
  return isPack ? tellPack(bytes, out) : tellWal(jsonOf(bytes), out)
}

async function verifyTransfer(id: string, target: Target, out: Output): Promise<Exit> {
  const document = await fetchWal(target, id)
  const exit = tellWal(document, out)
  if (exit !== EXIT.right) return exit
  if (document.object !== id) return wrong(out, `this is the log of ${document.object}`)
  const head = await fetchHead(target, id)
  // A log that has grown since says another head; that it is the same one is told by its being past ours.
  if (head.seq !== document.head.seq || head.digest === document.head.digest) return exit
  return wrong(out, `the transfer reports another head: ${head.digest}`)
}

function tellWal(document: unknown, out: Output): Exit {
  const verified = verifyWal(document)
  if (!verified.ok) return wrong(out, told(verified.error))
  for (const group of verified.value.groups) out.line(lineOf(group))
  const { seq, digest } = verified.value.head
  out.line(`verified: ${seq} records end in ${digest}`)
  return EXIT.right
}

function tellPack(bytes: Uint8Array, out: Output): Exit {
  const verified = verifyPack(bytes)
  if (!verified.ok) return wrong(out, toldPack(verified.error))
  const { index } = verified.value
  let records = 0
  for (const part of index.parts) {
    const count = part.last_seq - part.first_seq + 1
    records += count
    out.line(`${part.class}  ${part.object}  ${part.first_seq} to ${part.last_seq}`)
  }
  out.line(`verified: a pack (${index.kind}) of ${index.parts.length} parts with ${records} records`)
  return EXIT.right
}

const kinds = z.array(z.looseObject({ kind: z.string() }))

function lineOf({ seq, at, by, records }: WireGroup): string {
  const parsed = kinds.safeParse(records)
  const what = parsed.success ? parsed.data.map(({ kind }) => kind).join(', ') : `${records.length} records`
  return `${String(seq).padStart(3)}  ${at}  ${by.source.padEnd(8)}  ${what}`
}

function told({ reason, seq }: WalProblem): string {
  switch (reason) {
    case 'unreadable':
      return 'this is no log'
    case 'gap':
      return `records are missing, doubled or moved before seq ${seq}`
    case 'digest':
      return `the group that ends in seq ${seq} does not say what was hashed`
    case 'incomplete':
      return `the log ends at seq ${seq}, before its head`
    case 'head':
      return `the log ends at seq ${seq} in another digest than its head says`
  }
}

function toldPack(fault: PackFault): string {
  switch (fault.reason) {
    case 'not_a_pack':
      return 'this is no whole pack'
    case 'index':
      return 'the index of the pack is not what was written'
    case 'frame':
      return `frame ${fault.frame} of the pack is not what was written`
    case 'part':
      return `part ${fault.part} of the pack is not what was written`
    case 'groups':
      return `part ${fault.part} of the pack: the group that ends in seq ${fault.seq} does not follow`
  }
}

function wrong(out: Output, why: string): Exit {
  out.line(`damaged: ${why}`)
  return EXIT.wrong
}

/** Undefined is no log either. */
function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    return undefined
  }
}
