// The page shows a transfer as it happens, straight from its actor, and shows no record twice, none out of order and
// none too few, whatever becomes of the connection.

import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { STATUSES } from '../../src/shared/transfer/status.ts'
import { DashboardStack, rowOf, shownSeqs, statusOf } from './dashboard-stack.ts'

let dashboard: DashboardStack

beforeAll(async () => {
  dashboard = await DashboardStack.start()
})

afterEach(async () => {
  expect(await dashboard.closePages()).toEqual([])
})

afterAll(() => dashboard.stop())

it('the list shows a posted transfer, and its status as it changes, without a reload', async () => {
  const page = await dashboard.signedIn()
  await page.evaluate(() => {
    document.documentElement.dataset.loadedOnce = 'true'
  })
  const changes = await collectStatuses(page)
  const id = await dashboard.post('listed')
  await statusOf(page, `[data-transfer="${id}"]`, 'finalized').waitFor()
  const seen = await changes(id)
  expect(seen.length).toBeGreaterThan(1)
  expect(seen).toEqual(seen.toSorted((a, b) => STATUSES.indexOf(a) - STATUSES.indexOf(b)))
  expect(await page.evaluate(() => document.documentElement.dataset.loadedOnce)).toBe('true')
})

it('the log grows while it is looked at, and says who caused each record', async () => {
  const id = await dashboard.post('watched')
  const page = await dashboard.signedIn(`/?transfer=${id}`)
  await page.locator('.record[data-kind="finalized"][data-new="true"]').waitFor()
  await statusOf(page, '.plate', 'finalized').waitFor()
  const { seq } = await dashboard.client.get(id)
  expect(await shownSeqs(page)).toEqual(upTo(seq))
  expect(await page.locator('.record').first().locator('.record-by').getAttribute('title')).toMatch(
    /^API key .+, role admin$/,
  )
  await page.locator('.stage[data-stage="finalized"][data-standing="done"]').waitFor()
  expect(await page.title()).toMatch(/^Finalized · 0\.001 ETH/)
  // For those who do not see it.
  await page
    .locator('.visually-hidden[role="status"]', { hasText: 'The transfer is now Finalized' })
    .waitFor({ state: 'attached' })
})

it('a connection that is cut again and again brings each record once and in order', async () => {
  const id = await dashboard.post('cut')
  const page = await dashboard.signedIn(`/?transfer=${id}`)
  const shown = await collectRecords(page)
  const cutsBefore = dashboard.wire.cuts
  const end = page.locator('.record[data-kind="finalized"]').waitFor()
  let isOver = false
  end.finally(() => {
    isOver = true
  })
  while (!isOver) {
    await Promise.race([end, page.locator('[data-live="live"]').waitFor()])
    dashboard.wire.cutLive()
    await Promise.race([end, page.locator('[data-live="waiting"], [data-live="connecting"]').waitFor()])
  }
  expect(dashboard.wire.cuts - cutsBefore).toBeGreaterThan(2)
  await page.locator('[data-live="live"]').waitFor()
  const { seq } = await dashboard.client.get(id)
  expect(await shownSeqs(page)).toEqual(upTo(seq))
  expect(await shown()).toEqual(upTo(seq))
})

it('a server that is away is told, and what was missed comes when it is back', async () => {
  const page = await dashboard.signedIn()
  const id = await dashboard.post('missed')
  await rowOf(page, id).click()
  await page.locator('.record').first().waitFor()
  dashboard.wire.down()
  await page.locator('.notice', { hasText: 'Waybill does not answer' }).waitFor()
  await page.locator('[data-live="waiting"]').waitFor()
  await dashboard.client.untilFinal(id)
  expect(await rowOf(page, id).isVisible()).toBe(true)
  dashboard.wire.up()
  await page.locator('.notice').getByRole('button', { name: 'Retry now' }).click()
  await page.locator('.notice').waitFor({ state: 'detached' })
  await page.locator('.record[data-kind="finalized"]').waitFor()
  const { seq } = await dashboard.client.get(id)
  expect(await shownSeqs(page)).toEqual(upTo(seq))
})

it('the log verifies in the browser, and a forged one names the record', async () => {
  const id = await dashboard.post('verified')
  const { head, seq } = await dashboard.client.untilFinal(id)
  const page = await dashboard.signedIn(`/?transfer=${id}`)
  await page.locator('.record[data-kind="finalized"]').waitFor()
  await page.getByRole('button', { name: 'Verify' }).click()
  const text = `Verified: ${seq} records end in head ${head.slice(0, 6)}…${head.slice(-6)}`
  await page.locator('.verify-bar', { hasText: text }).waitFor()
  expect(await page.locator('.record[data-verified="true"]').count()).toBe(seq)

  await page.route('**/wal?*', async (route) => {
    const response = await route.fetch()
    const body = (await response.text()).replace('"kind":"bound"', '"kind":"found"')
    await route.fulfill({ response, body })
  })
  await page.getByRole('button', { name: 'Verify again' }).click()
  await page.locator('.verify-bar', { hasText: 'Not verified: seq 2 does not fit its digest' }).waitFor()
  expect(await page.locator('.record[data-verified="true"]').count()).toBe(0)
})

function upTo(seq: number): number[] {
  return Array.from({ length: seq }, (_, index) => index + 1)
}

/** Answers the statuses that the row of a transfer went through. */
async function collectStatuses(page: Page) {
  await page.evaluate(() => {
    const seen: string[] = []
    const look = () => {
      for (const badge of document.querySelectorAll('.transfer-row [data-status]')) {
        const id = badge.closest('.transfer-row')?.getAttribute('data-transfer')
        const line = `${id} ${badge.getAttribute('data-status')}`
        if (!seen.includes(line)) seen.push(line)
      }
      document.documentElement.dataset.statuses = seen.join('\n')
    }
    new MutationObserver(look).observe(document.body, {
      subtree: true,
      childList: true,
      attributes: true,
      attributeFilter: ['data-status'],
    })
    look()
  })
  return async (id: string) => {
    const lines = (await page.evaluate(() => document.documentElement.dataset.statuses ?? '')).split('\n')
    const own = lines.filter((line) => line.startsWith(id)).map((line) => line.slice(id.length + 1))
    return STATUSES.filter((status) => own.includes(status)).toSorted(
      (a, b) => own.indexOf(a) - own.indexOf(b),
    )
  }
}

/** Answers the seq of every record that was ever put on the page, also of one that was taken away again. */
async function collectRecords(page: Page) {
  await page.locator('.wal-records').waitFor({ state: 'attached' })
  await page.evaluate(() => {
    const list = document.querySelector('.wal-records')
    if (list === null) return
    const seqs = Array.from(list.children, (item) => item.getAttribute('data-seq'))
    const keep = () => {
      document.documentElement.dataset.records = seqs.join(' ')
    }
    keep()
    new MutationObserver((changes) => {
      for (const { addedNodes } of changes) {
        for (const node of addedNodes) if (node instanceof HTMLElement) seqs.push(node.dataset.seq ?? null)
      }
      keep()
    }).observe(list, { childList: true })
  })
  return async () => {
    const text = await page.evaluate(() => document.documentElement.dataset.records ?? '')
    return text.split(' ').map(Number)
  }
}
