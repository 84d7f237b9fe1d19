// What a local stack can be asked for, and how its start tells what it does.

import type { TenantPlan } from './dev-state.ts'
import type { Exit } from './host-process.ts'

export type PartName = 'chain' | 'runtime'

export type Report = {
  step<T>(name: string, work: Promise<T>, tell: (value: T) => string): Promise<T>
  warn(text: string): void
  /** A part ended by itself. */
  lost(part: PartName, exit: Exit): void
  /** Something that a part did by itself. */
  event(text: string): void
}

export const SILENT: Report = { step: (_, work) => work, warn: () => {}, lost: () => {}, event: () => {} }

export type StackOptions = {
  readonly stateDir: string
  /** Deletes the state first. */
  readonly fresh?: boolean | undefined
  /** Seconds; default: as before, else 1. */
  readonly blockTimeS?: number | undefined
  /** Wanted ports. Default: as before, else the usual ones; null: any. Where one is taken, another is used. */
  readonly port?: number | null | undefined
  readonly chainPort?: number | null | undefined
  /** Tenants to have, `dev` among them. */
  readonly tenants?: readonly TenantPlan[] | undefined
  /**
   * For anvil_reorg and anvil_rollback, over the blocks since the chain's last (re)start. Costs memory for each block, so
   * not for a stack that runs for days.
   */
  readonly pastStates?: boolean | undefined
  /** Waiting steps from which on an account delegates; null: every step is a transaction of its own. */
  readonly delegateFrom?: number | null | undefined
  /** Of the signers of the tenant `dev`, the last so many bring batches of the others, from that many waiting steps on. */
  readonly carrying?: { readonly carriers: number; readonly from: number } | undefined
  /** Vars and secrets, over the stack's own. */
  readonly bindings?: Readonly<Record<string, string>> | undefined
  /** Entry of the Worker, absolute. */
  readonly main?: string | undefined
  readonly report?: Report | undefined
  /** Gives up the start, and ends what it has started. */
  readonly signal?: AbortSignal | undefined
}
