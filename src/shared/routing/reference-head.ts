// The height that endpoints are measured against: what two operators have reached, so that one endpoint alone, by telling of
// blocks that are not there, makes no other look late. Pure.

/** Operators that must have reached it, where there are as many. */
const OPERATORS_MOST = 2

export type ToldHead = { readonly operator: string; readonly head: number }

/** `operators`: of the chain. Null: fewer than it takes have told anything. */
export function referenceHead(told: readonly ToldHead[], operators: number): number | null {
  const highest = new Map<string, number>()
  for (const { operator, head } of told) {
    highest.set(operator, Math.max(highest.get(operator) ?? 0, head))
  }
  const heads = [...highest.values()].sort((one, other) => other - one)
  return heads[Math.min(OPERATORS_MOST, operators) - 1] ?? null
}
