// A Worker beside ours, in the local runtime only: through it the runtime's host runs SQL and cron ticks, as Cloudflare's
// own API does for a deployment.
//
// It listens on a port of its own, and whoever asks must know the secret of this run: other programs of this machine can
// find that port. The types are spelled out because the runtime's own do not go together with those of Node.

import { timingSafeEqual } from 'node:crypto'
import { type ControlCall, controlCall, SECRET_HEADER, type SqlRows } from './control-protocol.ts'

type Statement = { bind(...values: readonly (string | number | null)[]): Statement }
type ControlEnv = {
  readonly SECRET: string
  readonly DB: {
    prepare(sql: string): Statement
    batch(statements: readonly Statement[]): Promise<readonly { readonly results: readonly unknown[] }[]>
  }
  readonly WAYBILL: {
    scheduled(tick: { cron: string; scheduledTime: Date }): Promise<{ readonly outcome: string }>
  }
}

const FORBIDDEN = 403
const FAILED = 500

// biome-ignore lint/style/noDefaultExport: the runtime takes a Worker by its default export.
export default {
  async fetch(request: Request, env: ControlEnv): Promise<Response> {
    if (!isSecret(request.headers.get(SECRET_HEADER) ?? '', env.SECRET)) {
      return new Response('forbidden', { status: FORBIDDEN })
    }
    try {
      return Response.json(await answer(controlCall.parse(await request.json()), env))
    } catch (error) {
      return new Response(error instanceof Error ? error.message : String(error), { status: FAILED })
    }
  },
}

async function answer(call: ControlCall, { DB, WAYBILL }: ControlEnv): Promise<SqlRows | string> {
  if (call.do === 'cron') {
    const { outcome } = await WAYBILL.scheduled({ cron: call.cron, scheduledTime: new Date(call.at) })
    return outcome
  }
  const prepared = call.statements.map(({ sql, params }) => DB.prepare(sql).bind(...params))
  const results = await DB.batch(prepared)
  return results.map(({ results }) => results)
}

function isSecret(presented: string, secret: string): boolean {
  const encoder = new TextEncoder()
  const [left, right] = [encoder.encode(presented), encoder.encode(secret)]
  return left.length === right.length && timingSafeEqual(left, right)
}
