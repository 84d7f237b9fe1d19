// The Worker under test with objects that crash where a plan says so. The classes are the real ones; nothing in them
// knows of it.

import { ChainObject as RealChain } from '../../../src/durable-objects/chain/chain-object.ts'
import { SignerObject as RealSigner } from '../../../src/durable-objects/signer/signer-object.ts'
import { TransferObject as RealTransfer } from '../../../src/durable-objects/transfer/transfer-object.ts'
import worker from '../../../src/workers/main.ts'
import { type Actor, runOf } from './crash-plan.ts'
import { calls, type Life, lives, objectLife, withWays, wrapStorage } from './crashing-life.ts'

export default worker

const livesOfObjects = new WeakMap<object, Life>()

export class TransferObject extends RealTransfer {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, crashing('transfer', ctx, env))
  }
}

export class SignerObject extends RealSigner {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, crashing('signer', ctx, env))
    noteLife(this, 'signer', ctx)
  }
}
withLife(SignerObject, ['admit', 'alarm', 'nudge', 'facts', 'summary'])

export class ChainObject extends RealChain {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, crashing('chain', ctx, env))
    noteLife(this, 'chain', ctx)
  }
}
withLife(ChainObject, ['watch', 'facts', 'depth', 'summary', 'alarm', 'nudge'])

function crashing(actor: Actor, ctx: DurableObjectState, env: Env): Env {
  const run = runOf(ctx.id.name)
  if (run === null) return env
  const life = objectLife(actor, run, ctx)
  wrapStorage(ctx.storage, life, ctx)
  return withWays(env, life)
}

function noteLife(object: object, actor: Actor, ctx: DurableObjectState): void {
  const run = runOf(ctx.id.name)
  if (run !== null) livesOfObjects.set(object, objectLife(actor, run, ctx))
}

/** Runs these methods so that a `fetch` below them is known as their object's. */
function withLife(target: { readonly prototype: object }, methods: readonly string[]): void {
  const { prototype } = target
  for (const name of methods) {
    const method: unknown = Reflect.get(prototype, name)
    if (typeof method !== 'function') throw new Error(`no method ${name}`)
    Object.defineProperty(prototype, name, {
      configurable: true,
      writable: true,
      value(this: object, ...parameters: unknown[]) {
        const life = livesOfObjects.get(this)
        const work = () => Reflect.apply(method, this, parameters)
        return life === undefined ? work() : lives.run(life, work)
      },
    })
  }
}

const realFetch = globalThis.fetch
globalThis.fetch = (input: RequestInfo | URL, init?: RequestInit) => {
  const life = lives.getStore()
  return life === undefined ? realFetch(input, init) : calls(life, () => realFetch(input, init))
}
