// A transfer can be canceled from the page as long as that is possible, exactly once, and a refusal is told.

import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { DashboardStack, statusOf } from './dashboard-stack.ts'

let dashboard: DashboardStack

beforeAll(async () => {
  dashboard = await DashboardStack.start()
})

afterEach(async () => {
  expect(await dashboard.closePages()).toEqual([])
})

afterAll(() => dashboard.stop())

const BUTTON = { name: 'Cancel transfer' }

it('a held transfer is canceled after one question, and then there is nothing to cancel any more', async () => {
  const id = await dashboard.postHeld('cancel')
  const page = await dashboard.signedIn(`/?transfer=${id}`)
  await statusOf(page, '.plate', 'held').waitFor()
  await page.getByRole('button', BUTTON).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Keep it' }).click()
  expect((await dashboard.client.get(id)).status).toBe('held')
  await page.getByRole('button', BUTTON).click()
  await page.getByRole('dialog').getByRole('button', BUTTON).click()
  await statusOf(page, '.plate', 'canceled').waitFor()
  await page.locator('.record[data-kind="canceled"]').waitFor()
  await page.getByRole('button', BUTTON).waitFor({ state: 'detached' })
  await page.locator('.stage[data-stage="signed"][data-standing="skipped"]').waitFor()
})

it('a cancel that did not get through is sent again under the same Idempotency-Key', async () => {
  const id = await dashboard.postHeld('cancel again')
  const page = await dashboard.signedIn(`/?transfer=${id}`)
  const keys: (string | undefined)[] = []
  await page.route('**/cancel', (route) => {
    keys.push(route.request().headers()['idempotency-key'])
    return keys.length === 1 ? route.abort('connectionreset') : route.continue()
  })
  await page.getByRole('button', BUTTON).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', BUTTON).click()
  await dialog.getByRole('alert').filter({ hasText: 'You can try again' }).waitFor()
  await dialog.getByRole('button', BUTTON).click()
  await statusOf(page, '.plate', 'canceled').waitFor()
  expect(keys).toHaveLength(2)
  expect(keys[1]).toBe(keys[0])
})

it('a cancel whose answer got lost is seen by its news', async () => {
  const id = await dashboard.postHeld('cancel lost')
  const page = await dashboard.signedIn(`/?transfer=${id}`)
  await page.route('**/cancel', async (route) => {
    await route.fetch()
    await route.abort('connectionreset')
  })
  await page.getByRole('button', BUTTON).click()
  await page.getByRole('dialog').getByRole('button', BUTTON).click()
  await statusOf(page, '.plate', 'canceled').waitFor()
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
})

it('a refusal is told in the words of the server', async () => {
  const id = await dashboard.postHeld('cancel refused')
  const viewer = dashboard.stack.tenants.find(({ id }) => id === 'dev')?.apiKeys.viewer
  const page = await dashboard.signedIn(`/?transfer=${id}`, {}, viewer)
  await page.getByRole('button', BUTTON).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', BUTTON).click()
  await dialog.getByRole('alert').filter({ hasText: 'needs operator' }).waitFor()
  expect((await dashboard.client.get(id)).status).toBe('held')
})

it('a transfer that is signed offers no cancel', async () => {
  const id = await dashboard.post('too late')
  await dashboard.client.untilStatus(id, 'mined', 'confirmed', 'finalized')
  const page = await dashboard.signedIn(`/?transfer=${id}`)
  await page.locator('.record').first().waitFor()
  expect(await page.getByRole('button', BUTTON).count()).toBe(0)
})
