// What the reference says before the first operation.

import type { Group } from '../operation.ts'

export const ABOUT = `Waybill moves value on EVM chains and never loses or doubles a transfer.

Amounts are decimal strings in base units, chains are CAIP-2 ids, times are RFC 3339 in UTC. What is not known is refused: a misspelt field must not change a transfer. Codes never change their meaning; answers may grow by fields.

Every command that moves value carries an \`Idempotency-Key\`. Repeat a command with the same key whenever you do not know what became of it.`

export const GROUPS: Readonly<Record<Group, string>> = {
  Transfers: 'Post value to be moved, watch it, prove what happened.',
  'Chains and signers': 'Where transfers can go and what sends them.',
  Account: 'The key that is used.',
  Service: 'This deployment itself.',
}
