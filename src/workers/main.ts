// The entry of the deployment, and the only place that sees the whole environment: each part declares the narrow one
// that it needs, and here the compiler proves that the real one has it.

import { createApi } from './api/app.ts'
import { dispatchTick } from './cron/dispatch.ts'
import { dispatchBatch } from './queues/dispatch.ts'

export { ChainObject, SignerObject, TransferObject } from '../durable-objects/index.ts'

const api = createApi()

export default {
  fetch: (request, env, ctx) => api.fetch(request, env, ctx),
  queue: (batch, env) => dispatchBatch(batch, env),
  scheduled: (controller, env) => dispatchTick(controller.cron, controller.scheduledTime, env),
} satisfies ExportedHandler<Env>
