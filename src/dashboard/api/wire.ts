// The answers of the API, by the names that this page has for them. Types only: their schemas stay on the server.

import type { ChainView } from '../../shared/schema/api-chain.ts'
import type { SignerView } from '../../shared/schema/api-signer.ts'
import type { TransferView } from '../../shared/schema/api-transfer.ts'
import type { ProblemDocument } from '../../shared/schema/problem.ts'
import type { WalDocument } from '../../shared/schema/wal-document.ts'
import type { WireGroup } from '../../shared/wal/group.ts'

export type Page<T> = { readonly data: readonly T[]; readonly next_cursor?: string | null }

export type Transfer = TransferView
export type Step = TransferView['steps'][number]
export type Chain = ChainView
export type Signer = SignerView
export type BlockReference = NonNullable<ChainView['head']>

/** A log as it is verified: its records are JSON of any kind. */
export type Wal = Omit<WalDocument, 'groups'> & { readonly groups: readonly WireGroup[] }

/** RFC 9457. */
export type Problem = Pick<ProblemDocument, 'title' | 'code' | 'detail'>
