import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { Chain } from '../support/chain.ts'
import { Client, freshAddress } from '../support/client.ts'
import { inChunks } from '../support/payments.ts'
import { startStack } from '../support/stack.ts'

const N = Number(process.env.N ?? 400)
for (const carrying of [undefined, { carriers: 3, from: 32 }]) {
  test(`measure ${carrying === undefined ? 'without' : 'with'}`, async () => {
    const stateDir = mkdtempSync(join(tmpdir(), 'waybill-measure-'))
    const stack = await startStack({
      stateDir,
      blockTimeS: 2,
      tenants: [{ id: 'dev', keys: ['admin'], signers: 4 }],
      carrying,
    })
    try {
      const client = new Client(stack, 300_000)
      const chain = new Chain(stack)
      const from = stack.signers[0] ?? ''
      const not_before = new Date(Date.now() + 45_000).toISOString()
      const reqs = Array.from({ length: N }, (_, i) => ({
        chain: stack.chain,
        from,
        not_before,
        action: { type: 'erc20' as const, token: stack.token, to: freshAddress(`m${i % 50}`), amount: '5' },
      }))
      const posted = await inChunks(
        reqs.map((request, i) => ({ request, i })),
        ({ request, i }) => client.post(`k${i}`, request),
      )
      const docs = await inChunks(posted, ({ id }) =>
        vi.waitFor(() => client.untilFinal(id), { timeout: 300_000, interval: 500 }),
      )
      const blocks = new Map<number, number>()
      const txs = new Map<string, number>()
      for (const d of docs) {
        const s = d.steps[0]
        blocks.set(s?.block_number ?? -1, (blocks.get(s?.block_number ?? -1) ?? 0) + 1)
        txs.set(s?.hash ?? '', (txs.get(s?.hash ?? '') ?? 0) + 1)
      }
      let gas = 0n
      for (const h of txs.keys()) {
        const r = (await chain.rpc('eth_getTransactionReceipt', h)) as { gasUsed: string; from: string }
        gas += BigInt(r.gasUsed)
      }
      const carried = docs.filter((d) => d.steps[0]?.nonce === null).length
      const span = Math.max(...blocks.keys()) - Math.min(...blocks.keys()) + 1
      console.info(
        `${carrying === undefined ? 'without' : 'with'}: ${N} in ${span} blocks, ${(N / span).toFixed(1)} a block, most ${Math.max(...blocks.values())}; ${txs.size} transactions, carried ${carried}; gas per transfer ${gas / BigInt(N)}; per block ${JSON.stringify([...blocks].sort((a, b) => a[0] - b[0]))}`,
      )
      expect(docs.every(({ status }) => status === 'finalized')).toBe(true)
    } finally {
      await stack.stop()
      rmSync(stateDir, { recursive: true, force: true })
    }
  }, 400_000)
}
