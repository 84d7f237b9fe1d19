// In which order endpoints are asked: the power of two choices, by cost. Pure.

const TIERS = ['sound', 'lagging', 'held_back'] as const
export type Tier = (typeof TIERS)[number]

/** Blocks. Two are what announcements take on a fast chain. */
const LAGGING_BLOCKS = 3
/** What an account's endpoint may cost more than the other before it moves; and milliseconds that are no difference. */
const STAYS_FACTOR = 4 / 3
const STAYS_MS = 20

export type Candidate = {
  readonly name: string
  readonly weight: number
  readonly tier: Tier
  readonly cost: number
}

/** By what the two are drawn; each is above 0 and below 1. */
export type Draw =
  | { readonly by: 'chance'; readonly draw: () => number }
  /** The same two for the same key, wherever it is asked. */
  | { readonly by: 'key'; readonly key: string }

export function tierOf(isHeldBack: boolean, lag: number | null): Tier {
  if (isHeldBack) return 'held_back'
  return lag !== null && lag >= LAGGING_BLOCKS ? 'lagging' : 'sound'
}

/** Names, who is asked first first. All of them. */
export function inOrder(candidates: readonly Candidate[], draw: Draw): readonly string[] {
  return TIERS.flatMap((tier) =>
    withinTier(
      candidates.filter((one) => one.tier === tier),
      draw,
    ),
  ).map(({ name }) => name)
}

function withinTier(candidates: readonly Candidate[], draw: Draw): readonly Candidate[] {
  if (candidates.length < 2) return candidates
  // Weighted, without putting back (Efraimidis and Spirakis): with a key, rendezvous hashing.
  const drawn = candidates
    .map((one) => ({ one, rank: -Math.log(drawnFor(draw, one.name)) / one.weight }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ one }) => one)
  const [first, second] = drawn
  if (first === undefined || second === undefined) return drawn
  const moves =
    draw.by === 'key' ? first.cost > STAYS_FACTOR * (second.cost + STAYS_MS) : first.cost > second.cost
  const best = moves ? second : first
  const others = candidates.filter((one) => one !== best).sort((a, b) => a.cost - b.cost)
  return [best, ...others]
}

function drawnFor(draw: Draw, name: string): number {
  if (draw.by === 'chance') return draw.draw()
  return (hashOf(`${draw.key}|${name}`) + 0.5) / 2 ** 32
}

/** FNV-1a, 32 bits, with its bits mixed once more: neighbouring names must not hash alike. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

/** Who gets a copy of first bytes: of another operator where there is one. Null: there is nobody else. */
export function secondOf<Node extends { readonly operator: string }>(
  best: Node,
  others: readonly Node[],
): Node | null {
  return others.find(({ operator }) => operator !== best.operator) ?? others[0] ?? null
}
