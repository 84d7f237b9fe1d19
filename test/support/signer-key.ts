// The private key of a signer of a local stack, for tests that play the stranger who has it too.

import { readDevState } from '../../scripts/dev/dev-state.ts'
import type { Stack } from './stack.ts'

export function keyOf(stack: Stack, signer: string): `0x${string}` {
  const tenants = readDevState(stack.dir)?.tenants ?? []
  const found = tenants.flatMap(({ signers }) => signers).find(({ address }) => address === signer)
  if (found === undefined) throw new Error(`no key of ${signer}`)
  return `0x${found.private_key.slice(2)}`
}
