// Many calls, a few at a time: an invocation has a bounded number of connections, and an object a bounded patience.

/** Runs `work` over `items`, at most `atOnce` at a time, answers in their order. */
export async function mapBounded<Item, Value>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<Value>,
): Promise<readonly Value[]> {
  const values: Value[] = []
  const queue = items.entries()
  const worker = async () => {
    for (const [index, item] of queue) values[index] = await work(item)
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker))
  return values
}
