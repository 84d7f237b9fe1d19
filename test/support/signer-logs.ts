// The signers' logs on the disk of a runtime that was killed: what it would find if it came back. Copies are read, so
// that nothing here changes what it will find.

import { copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { openSignerJournal, SIGNER_CLASS } from '../../src/durable-objects/signer/signer-journal.ts'
import { nodeStorage } from './node-storage.ts'

/** SQLite's write-ahead log holds what the file itself does not have yet. */
const PARTS = ['', '-wal']

/** What the logs on disk know. Remembers how far it has read. */
export class SignerLogs {
  readonly #dir: string
  readonly #read = new Map<string, number>()
  readonly #hashes = new Set<string>()
  readonly #lines = new Map<string, number>()
  readonly #counts = new Map<string, number>()
  readonly #batches = new Map<string, Map<number, string>>()
  readonly #delivered = new Map<string, Set<string>>()

  /** `runtimeDir`: of the stack's state. */
  constructor(runtimeDir: string) {
    this.#dir = runtimeDir
  }

  /** Of all bytes that were ever signed. */
  signedHashes(): ReadonlySet<string> {
    this.#readAll()
    return this.#hashes
  }

  /** By address: the nonce that the next slot would take. */
  nextNonces(): ReadonlyMap<string, number> {
    this.#readAll()
    return this.#lines
  }

  /** Records of all signers, by kind. */
  counts(): ReadonlyMap<string, number> {
    this.#readAll()
    return this.#counts
  }

  /** By address: ids of the batches whose slots nobody else took, and of those that others brought. */
  batchIds(): ReadonlyMap<string, readonly string[]> {
    this.#readAll()
    return new Map(
      [...this.#batches].map(([address, ids]) => {
        return [address, [...ids.values(), ...this.#deliveredOf(address)]]
      }),
    )
  }

  /** By address: ids of batches that others brought, perhaps more than once; they ran once. */
  broughtIds(): ReadonlyMap<string, ReadonlySet<string>> {
    this.#readAll()
    return this.#delivered
  }

  #readAll(): void {
    for (const file of signerFiles(this.#dir)) this.#readOne(file)
  }

  #readOne(file: string): void {
    const copies = mkdtempSync(join(tmpdir(), 'waybill-log-'))
    const copy = join(copies, basename(file))
    for (const part of PARTS) if (existsSync(file + part)) copyFileSync(file + part, copy + part)
    const database = new DatabaseSync(copy)
    try {
      const journal = openSignerJournal(nodeStorage(database))
      if (journal === null) return
      const { identity, nextNonce } = journal.state
      const batches = this.#batchesOf(identity?.address ?? file)
      for (const group of journal.wal.groups(this.#read.get(file) ?? 0)) {
        for (const record of group.records) {
          this.#counts.set(record.kind, (this.#counts.get(record.kind) ?? 0) + 1)
          if (record.kind === 'signed') this.#hashes.add(record.attempt.hash)
          if (record.kind === 'batched') batches.set(record.nonce, record.batch)
          if (record.kind === 'closing') batches.set(record.nonce, record.batch)
          if (record.kind === 'closed') batches.delete(record.nonce)
          if (record.kind === 'delivered') this.#deliveredOf(identity?.address ?? file).add(record.batch)
        }
        this.#read.set(file, group.seq)
      }
      if (identity !== null && nextNonce !== null) this.#lines.set(identity.address, nextNonce)
    } finally {
      database.close()
      rmSync(copies, { recursive: true, force: true })
    }
  }

  #deliveredOf(address: string): Set<string> {
    const found = this.#delivered.get(address) ?? new Set<string>()
    this.#delivered.set(address, found)
    return found
  }

  #batchesOf(address: string): Map<number, string> {
    const found = this.#batches.get(address) ?? new Map<number, string>()
    this.#batches.set(address, found)
    return found
  }
}

/** One file for each object; the folder carries the name of the class. */
function signerFiles(dir: string): readonly string[] {
  return readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.includes(SIGNER_CLASS) && path.endsWith('.sqlite'))
    .filter((path) => basename(path) !== 'metadata.sqlite')
    .map((path) => join(dir, path))
}
