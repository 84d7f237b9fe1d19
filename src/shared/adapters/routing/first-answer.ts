// The first good answer of a chain's endpoints: the next one is asked when one fails, and also when it is late by its own
// measure. For answers that carry their source, and never for broadcasts.

import { assertDefined } from '../../lib/assert.ts'
import { err, ok } from '../../lib/result.ts'
import type { NodeFailure, NodeResult } from '../../ports/chain-node.ts'
import { realTimer, type Wait } from './timer.ts'

type Node = { readonly name: string; readonly lateAfterMs?: number }

export type Question<Asked extends Node, T> = {
  readonly ask: (node: Asked) => Promise<NodeResult<T>>
  /** Null: it is good. */
  readonly refuse: (value: T) => NodeFailure | null
  readonly onFailure: (endpoint: string, failure: NodeFailure) => void
  readonly wait?: Wait
}

const NOBODY: NodeFailure = { reason: 'unreachable', detail: 'no endpoint' }

type Heard<T> = { readonly place: number; readonly result: NodeResult<T> }

/** Best first. The failure is that of the last one. */
export async function firstAnswer<Asked extends Node, T>(
  nodes: readonly Asked[],
  question: Question<Asked, T>,
): Promise<NodeResult<{ readonly node: Asked; readonly value: T }>> {
  const underWay = new Map<number, Promise<Heard<T>>>()
  let last = NOBODY
  let next = 0
  for (;;) {
    if (underWay.size === 0) {
      if (next >= nodes.length) return err(last)
      underWay.set(next, heard(nodes, next, question))
      next += 1
    }
    const late = next < nodes.length ? nodes[next - 1]?.lateAfterMs : undefined
    const answer = await soonest([...underWay.values()], late, question.wait ?? realTimer)
    if (answer === null) {
      underWay.set(next, heard(nodes, next, question))
      next += 1
      continue
    }
    const { place, result } = answer
    const node = assertDefined(nodes[place], 'who answered was asked')
    underWay.delete(place)
    const refusal = result.ok ? question.refuse(result.value) : result.error
    if (result.ok && refusal === null) return ok({ node, value: result.value })
    last = refusal ?? last
    question.onFailure(node.name, last)
  }
}

async function heard<Asked extends Node, T>(
  nodes: readonly Asked[],
  place: number,
  { ask }: Question<Asked, T>,
): Promise<Heard<T>> {
  return { place, result: await ask(assertDefined(nodes[place], 'there is one')) }
}

/** Null: none was there in time. */
async function soonest<T>(
  answers: readonly Promise<Heard<T>>[],
  lateAfterMs: number | undefined,
  wait: Wait,
): Promise<Heard<T> | null> {
  if (lateAfterMs === undefined) return Promise.race(answers)
  const timer = wait(lateAfterMs)
  try {
    return await Promise.race([...answers, timer.done.then(() => null)])
  } finally {
    timer.cancel()
  }
}
