// What one run of transfers cost.

export type Measured = {
  readonly perSecond: number
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

/** Of its own for each transfer of a run, and never one of the precompiles. */
export function recipient(number: number): `0x${string}` {
  return `0x${(0x1000000 + number).toString(16).padStart(40, '0')}`
}
