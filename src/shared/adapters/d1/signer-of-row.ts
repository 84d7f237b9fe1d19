// Which account a row of the read model hangs on: the one that it names, or the one that was chosen of its pool.

import { sql } from 'drizzle-orm'
import { POOL_PREFIX } from '../../pool/sender.ts'
import { transfers } from './tables.ts'

/** Lower case; null: of its pool none was chosen yet. */
export const signerOfRow = sql<string | null>`CASE
  WHEN substr(${transfers.from_address}, 1, ${sql.raw(String(POOL_PREFIX.length))}) = ${sql.raw(`'${POOL_PREFIX}'`)}
  THEN lower(json_extract(${transfers.document}, '$.steps[0].signer'))
  ELSE ${transfers.from_address}
END`.as('signer')
