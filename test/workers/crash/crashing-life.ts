// One life of something that can crash, an object or a queue's consumer, and what stands around it: its storage and the
// ways out of it are the real ones, and count as points of the plan.

import { AsyncLocalStorage } from 'node:async_hooks'
import type { Actor, Run } from './crash-plan.ts'

/** The runtime of the tests prints every broken object, but not those whose reason has these words. */
const PLANNED = 'planned crash (disconnected: operation canceled)'

export type Life = {
  readonly actor: Actor
  readonly run: Run
  /** What was written is on disk. */
  readonly settle: () => Promise<void>
  /** Nothing of this life goes on after it. */
  readonly crash: () => Promise<never>
}

/** Whose call a `fetch` is: the function is of the isolate. */
export const lives = new AsyncLocalStorage<Life>()

export function objectLife(actor: Actor, run: Run, ctx: DurableObjectState): Life {
  return {
    actor,
    run,
    settle: () => ctx.storage.sync(),
    crash: () => {
      ctx.abort(PLANNED)
      return never()
    },
  }
}

/** The isolate of a consumer goes: whoever delivered hears nothing. */
export function consumerLife(run: Run, onLost: () => void): Life {
  return {
    actor: 'consumer',
    run,
    settle: async () => {},
    crash: () => {
      onLost()
      return never()
    },
  }
}

function never(): Promise<never> {
  return new Promise(() => {})
}

/** The ways out. Messages lie in the run's own lists: only the test delivers, once, twice or never. */
export function withWays(env: Env, life: Life): Env {
  return {
    ...env,
    TRANSFER: wrapNamespace(env.TRANSFER, life),
    SIGNER: wrapNamespace(env.SIGNER, life),
    CHAIN: wrapNamespace(env.CHAIN, life),
    SUBMISSIONS: wrapQueue(env.SUBMISSIONS, life.run.submissions, life),
    EVENTS: wrapQueue(env.EVENTS, life.run.events, life),
  }
}

/** Everything that changes something: rows, and the alarm. */
export function wrapStorage(storage: DurableObjectStorage, life: Life, ctx: DurableObjectState): void {
  const { sql } = storage
  const exec: SqlStorage['exec'] = (query, ...bindings) => {
    const cursor = sql.exec<never>(query, ...bindings)
    if (!/^\s*SELECT\b/i.test(query)) wrote(life, ctx)
    return cursor
  }
  const wrapped = new Proxy(sql, {
    get: (target, property) => (property === 'exec' ? exec : Reflect.get(target, property, target)),
  })
  Object.defineProperty(storage, 'sql', { value: wrapped })
  const setAlarm = storage.setAlarm.bind(storage)
  const deleteAlarm = storage.deleteAlarm.bind(storage)
  storage.setAlarm = (time, options) => {
    const set = setAlarm(time, options)
    wrote(life, ctx)
    return set
  }
  storage.deleteAlarm = (options) => {
    const deleted = deleteAlarm(options)
    wrote(life, ctx)
    return deleted
  }
}

function wrote({ actor, run, settle, crash }: Life, ctx: DurableObjectState): void {
  if (run.plan?.isDue(actor, ['torn', 'written']) !== true) return
  if (run.plan.moment === 'torn') ctx.abort(PLANNED)
  else ctx.waitUntil(settle().then(crash))
}

export async function calls<T>({ actor, run, settle, crash }: Life, call: () => Promise<T>): Promise<T> {
  const isDue = run.plan?.isDue(actor, ['unasked', 'unheard']) === true
  if (isDue && run.plan?.moment === 'unasked') {
    await settle()
    await crash()
  }
  const answer = await call()
  if (isDue) await crash()
  return answer
}

/** Stubs whose methods are calls of this life. */
function wrapNamespace<T extends Rpc.DurableObjectBranded>(
  namespace: DurableObjectNamespace<T>,
  life: Life,
): DurableObjectNamespace<T> {
  return new Proxy(namespace, {
    get: (target, property) => {
      if (property !== 'getByName') return Reflect.get(target, property)
      return (name: string) => wrapStub(target.getByName(name), life)
    },
  })
}

function wrapStub<T extends object>(stub: T, life: Life): T {
  return new Proxy(stub, {
    get: (target, property) => {
      const method: unknown = Reflect.get(target, property)
      if (typeof method !== 'function') return method
      return (...parameters: unknown[]) => calls(life, async () => Reflect.apply(method, target, parameters))
    },
  })
}

function wrapQueue(queue: Queue, sent: unknown[], life: Life): Queue {
  return new Proxy(queue, {
    get: (target, property) => {
      if (property !== 'send') return Reflect.get(target, property)
      return (message: unknown) =>
        calls(life, async () => {
          sent.push(structuredClone(message))
        })
    },
  })
}
