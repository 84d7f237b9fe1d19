// The id in the path. Only a string that is an id reaches an object: asking by any other name would make one.

import { err, ok, type Result } from '../../../shared/lib/result.ts'
import { isTransferId, type TransferId } from '../../../shared/transfer/transfer-id.ts'
import type { Call } from '../operation.ts'
import { type Problem, problem } from '../problem.ts'

export function readTransferId(call: Call): Result<TransferId, Problem> {
  const id = call.param('id')
  return isTransferId(id) ? ok(id) : err(transferNotFound())
}

/** The same for an id that nobody has and for one of another tenant. */
export function transferNotFound(): Problem {
  return problem('transfer_not_found', 'Your tenant has no transfer with this id.')
}
