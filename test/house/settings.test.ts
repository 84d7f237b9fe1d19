// Guarantee: what a deployment is told fits what the code expects: triggers, queues, limits and defaults.

import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { unstable_readConfig } from 'wrangler'
import { z } from 'zod'
import { ROOT } from '../../scripts/dev/root.ts'
import { parseChainPolicies, parseEndpoints } from '../../src/shared/schema/deployment.ts'
import { textOf } from './support/repository.ts'
import { nodeIn, syntaxOf, wordOf } from './support/syntax.ts'

const KIB = 1_024
const MIB = 1_048_576

const settings = z.object({
  triggers: z.object({ crons: z.array(z.string()) }),
  queues: z.object({
    producers: z.array(z.object({ queue: z.string() })),
    consumers: z.array(z.object({ queue: z.string(), dead_letter_queue: z.string().optional() })),
  }),
})
const { triggers, queues } = settings.parse(
  unstable_readConfig({ config: join(ROOT, 'wrangler.toml') }, { hideWarnings: true }),
)

test('every tick of wrangler.toml has work, and all work has its tick', async () => {
  const crons = z.object({ SWEEP_CRON: z.string(), RECONCILE_CRON: z.string() })
  const worked = crons.parse(await import(join(ROOT, 'src/workers/cron/dispatch.ts')))
  expect(triggers.crons.toSorted()).toEqual(Object.values(worked).toSorted())
})

describe('queues', () => {
  const consumed = queues.consumers.map(({ queue }) => queue)

  test('that are consumed are those that the code serves', () => {
    const cases = syntaxOf('src/workers/queues/dispatch.ts').visits.filter(
      ({ node }) => node.type === 'SwitchCase',
    )
    const served = cases.flatMap(({ node }) => wordOf(nodeIn(node, 'test')) ?? [])
    expect(served.toSorted()).toEqual(consumed.toSorted())
  })

  test('that are written to are consumed', () => {
    const written = queues.producers.map(({ queue }) => queue)
    expect(written.length).toBeGreaterThan(0)
    expect(written.filter((queue) => !consumed.includes(queue))).toEqual([])
  })

  test('give up to a queue that is consumed, and what is given up there is parked, not given on', () => {
    const dead = new Set(queues.consumers.flatMap((one) => one.dead_letter_queue ?? []))
    for (const { queue, dead_letter_queue: next } of queues.consumers) {
      if (dead.has(queue)) expect(next, queue).toBeUndefined()
      else expect(consumed, queue).toContain(next)
    }
  })

  test('are all created by the page on deployment', () => {
    const [, created = ''] = /for queue in ([\w -]+);/.exec(textOf('docs/deployment.md')) ?? []
    expect(created.split(' ').toSorted()).toEqual(consumed.toSorted())
  })
})

test('the page on configuration has the limits of the code', async () => {
  const key = await limits('src/workers/api/idempotency-key.ts')
  const body = await limits('src/workers/api/json-body.ts')
  const request = await limits('src/shared/schema/transfer-request.ts')
  const wal = await limits('src/durable-objects/wal/turn-rows.ts')
  const signer = await limits('src/shared/signer/state/limits.ts')
  const pools = await limits('src/shared/adapters/d1/pool-members.ts')
  const subscribers = await limits('src/durable-objects/transfer/subscribers.ts')
  const text = `${request('TAGS_MAX')} of ${request('TAG_MAX_CHARACTERS')} characters, ${request('REFERENCE_MAX_CHARACTERS')} characters`
  expect(tableOf('Limits').map(([what, limit]) => [what, limit])).toEqual([
    ['Idempotency-Key', `${key('IDEMPOTENCY_KEY_MAX_CHARACTERS')} visible ASCII characters`],
    ['body of a request', `${body('BODY_MAX_BYTES', KIB)} KiB`],
    ['calldata of a `call`', `${request('CALL_DATA_MAX_BYTES')} bytes`],
    ['tags, reference', text],
    ['one record of a log', `${wal('RECORD_MAX_BYTES', MIB)} MiB`],
    ['waiting steps of one signer', signer('POOL_MAX_STEPS')],
    ['signers of a pool that are asked', pools('POOL_MEMBERS_MAX')],
    ['sockets of one transfer', subscribers('SUBSCRIBERS_MAX')],
  ])
})

test('the page on configuration names the files that hold the limits', () => {
  for (const [what, , where = ''] of tableOf('Limits')) {
    expect(textOf(where.replaceAll('`', '')), what).toMatch(/export const \w+_MAX/)
  }
})

test('the page on configuration has the fields of a chain and their defaults', () => {
  const least = { chain: 'eip155:1', name: 'a', native_symbol: 'b', block_time_ms: 1 }
  const [policy] = [...parseChainPolicies(JSON.stringify([least])).values()]
  const { finality, ...rest } = z.looseObject({ finality: z.record(z.string(), z.unknown()) }).parse(policy)
  const inner = Object.entries(finality).map(([field, value]) => [`finality.${field}`, value] as const)
  const fields = [...Object.entries(rest), ...inner]
  const told = toldIn('CHAINS')
  const expected = fields.map(([field, value]) => [field, field in least ? '–' : String(value)] as const)
  expect(told.toSorted()).toEqual(expected.toSorted())
})

test('the page on configuration has the fields of an endpoint and their defaults', () => {
  const least = { name: 'a', url: 'https://a.example', operator: 'b' }
  const [endpoint] = parseEndpoints(JSON.stringify({ 'eip155:1': [least] })).get('eip155:1') ?? []
  const { capabilities, ...rest } = z
    .looseObject({ capabilities: z.record(z.string(), z.unknown()) })
    .parse(endpoint)
  const inner = Object.entries(capabilities).map(
    ([field, value]) => [`capabilities.${field}`, value] as const,
  )
  const expected = [...Object.entries(rest), ...inner].map(
    ([field, value]) => [field, field in least ? '–' : String(value)] as const,
  )
  expect(toldIn('RPC_ENDPOINTS').toSorted()).toEqual(expected.toSorted())
})

/** Fields and defaults, as the table under a title has them. */
function toldIn(title: string): readonly (readonly [string, string])[] {
  return tableOf(title).flatMap(([names = '', value = '']) =>
    [...names.matchAll(/`([\w.]+)`/g)].map(([, name = '']) => [name, value] as const),
  )
}

/** The numbers that a file exports, as the page writes them. Its types are those of the runtime, so not imported here. */
async function limits(file: string): Promise<(name: string, unit?: number) => string> {
  const exported = z.record(z.string(), z.unknown()).parse({ ...(await import(join(ROOT, file))) })
  return (name, unit = 1) =>
    (z.number().parse(exported[name], { reportInput: true }) / unit).toLocaleString('en-US')
}

/** Cells of the table under a title, without its head. */
function tableOf(title: string): readonly (readonly string[])[] {
  const page = textOf('docs/configuration.md')
  const section = page.slice(page.indexOf(`## ${title}`)).split('\n## ')[0] ?? ''
  const [, , ...rows] = section.split('\n').filter((line) => line.startsWith('|'))
  return rows.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )
}
