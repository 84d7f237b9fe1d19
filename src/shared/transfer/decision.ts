// What every decision about a transfer comes to.

import type { Address } from '../chain/address.ts'
import type { TransferRecord, WithdrawCause } from './records.ts'
import type { StepKey } from './step-report.ts'

/** What the shell does after the records are durable. Losing one costs time: the alarm brings it up again. */
export type TransferEffect =
  /** Put the transfer on the `submissions` queue. */
  | { readonly do: 'enqueue' }
  /** Ask the signer to give the step back. */
  | {
      readonly do: 'withdraw'
      readonly signer: Address
      readonly key: StepKey
      readonly cause: WithdrawCause
    }
  /** Tell the signer that it is to go sooner. */
  | { readonly do: 'hasten'; readonly signer: Address; readonly key: StepKey; readonly command: string }
  /** Ask the signer what became of the step. */
  | { readonly do: 'pull'; readonly signer: Address; readonly key: StepKey }
  /** Ask the chain how deep the block lies. */
  | { readonly do: 'measure'; readonly needed: number }

export type Decision<Answer> = {
  readonly answer: Answer
  readonly records: readonly TransferRecord[]
  readonly effects: readonly TransferEffect[]
}
