// What one run of transfers cost.

export type Measured = {
  /** Until the last has its end. */
  readonly perSecond: number
  /** Until the last is in a block. */
  readonly minedPerSecond: number
  /** Gas per transfer, with all that was needed to get it into a block. */
  readonly gas: number
  /** Milliseconds of processor time per transfer, of whoever asks for the transfers. */
  readonly clientCpuMs: number
  /** The same of whoever does what was asked; null: there is nobody else, or the system does not say. */
  readonly serverCpuMs: number | null
}

/** So many workers take one after the other. */
export async function inLanes<T>(
  lanes: number,
  items: readonly T[],
  work: (item: T, lane: number) => Promise<void>,
): Promise<void> {
  const left = items.values()
  const run = async (lane: number) => {
    for (const item of left) await work(item, lane)
  }
  await Promise.all(Array.from({ length: lanes }, (_, lane) => run(lane)))
}

/** Who is paid: accounts that the chain does not know yet, or such as have something already. Each once in a run. */
export type Recipients = 'new' | 'existing'

/** Never one of the precompiles. */
const FIRST: Readonly<Record<Recipients, number>> = { new: 0x1000000, existing: 0x2000000 }

export function recipient(number: number, kind: Recipients = 'new'): `0x${string}` {
  return `0x${(FIRST[kind] + number).toString(16).padStart(40, '0')}`
}
