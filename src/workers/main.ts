// The entry of the deployment, and the only place that sees the whole environment: each part declares the narrow one
// that it needs, and here the compiler proves that the real one has it.

import { takesPrivate } from '../shared/schema/deployment.ts'
import { createApi } from './api/app.ts'
import type { ApiEnv } from './api/env.ts'
import { dispatchTick } from './cron/dispatch.ts'
import { dispatchBatch } from './queues/dispatch.ts'
import { submitAtOnce } from './queues/submit-at-once.ts'

export { ChainObject, SignerObject, TransferObject } from '../durable-objects/index.ts'

const api = createApi()

type ForApi = Env & Pick<ApiEnv, 'submit' | 'takesPrivate'>

/** Of this isolate: the environment is the same for all of its requests. */
const known = new WeakMap<Env, ForApi>()

function forApi(env: Env): ForApi {
  const made = known.get(env) ?? {
    ...env,
    submit: (message) => submitAtOnce(env, message),
    takesPrivate: (chain) => takesPrivate(env.RPC_ENDPOINTS, chain),
  }
  known.set(env, made)
  return made
}

export default {
  fetch: (request, env, ctx) => api.fetch(request, forApi(env), ctx),
  queue: (batch, env) => dispatchBatch(batch, env),
  scheduled: (controller, env) => dispatchTick(controller.cron, controller.scheduledTime, env),
} satisfies ExportedHandler<Env>
