// The page is of use to everybody: on the narrowest phone, by keyboard alone, in light and dark, signed in or not.

import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { lowContrasts } from './contrast.ts'
import { DashboardStack, rowOf } from './dashboard-stack.ts'

let dashboard: DashboardStack
let finalized: string
let held: string

beforeAll(async () => {
  dashboard = await DashboardStack.start()
  finalized = await dashboard.post(
    'a reference as long as the accounting department likes its references to be',
  )
  await dashboard.post('token', {
    action: {
      type: 'erc20',
      token: dashboard.stack.token,
      to: dashboard.stack.signers[1] ?? '',
      amount: '123456789',
    },
  })
  held = await dashboard.postHeld('held')
  await dashboard.client.untilFinal(finalized)
})

afterEach(async () => {
  expect(await dashboard.closePages()).toEqual([])
})

afterAll(() => dashboard.stop())

const NARROWEST = { viewport: { width: 320, height: 568 } }

describe('the key', () => {
  it('of a link signs in and leaves the address bar', async () => {
    const page = await dashboard.signedIn(`/?transfer=${held}`)
    expect(page.url()).toBe(`${dashboard.url}/?transfer=${held}`)
    await page.reload()
    await rowOf(page, held).waitFor()
  })

  it('that is wrong is said to be, and the right one signs in', async () => {
    const page = await dashboard.page()
    await page.goto(`${dashboard.url}/#key=wb_dev_aaaaaaaaaaaaaaaa_wrong`)
    const alert = page.getByRole('alert').filter({ hasText: /\S/ })
    expect(await alert.textContent()).toMatch(/key/i)
    await page.getByLabel('API key', { exact: true }).fill('not a key')
    await page.keyboard.press('Enter')
    await alert.filter({ hasText: 'begins with wb_' }).waitFor()
    await page.getByLabel('API key', { exact: true }).fill(dashboard.stack.apiKey)
    await page.keyboard.press('Enter')
    await rowOf(page, held).waitFor()
  })

  it('is kept for this tab only, unless it shall be remembered, and signing out forgets it', async () => {
    const page = await dashboard.signedIn()
    const stored = () => page.evaluate(() => [sessionStorage.length, localStorage.length])
    expect(await stored()).toEqual([1, 0])
    await page.getByRole('button', { name: 'Sign out' }).click()
    expect(await stored()).toEqual([0, 0])
    await page.getByLabel('API key', { exact: true }).fill(dashboard.stack.apiKey)
    await page.getByLabel('Remember on this device').check()
    await page.getByRole('button', { name: 'Sign in' }).click()
    await rowOf(page, held).waitFor()
    const other = await page.context().newPage()
    await other.goto(dashboard.url)
    await rowOf(other, held).waitFor()
  })
})

it('every state has an address: a view, a transfer, and the way back', async () => {
  const page = await dashboard.signedIn()
  await page.getByRole('link', { name: 'Attention' }).click()
  await rowOf(page, finalized).waitFor({ state: 'detached' })
  await rowOf(page, held).click()
  expect(new URL(page.url()).search).toBe(`?view=attention&transfer=${held}`)
  await page.locator('.plate').waitFor()
  await page.goBack()
  await page.locator('.detail').waitFor({ state: 'detached' })
  await page.goBack()
  await rowOf(page, finalized).waitFor()
})

it('a transfer that does not exist is said not to', async () => {
  const page = await dashboard.signedIn(`/?transfer=tr_${'a'.repeat(52)}`)
  await page.locator('.detail-message', { hasText: 'There is no transfer with this id' }).waitFor()
})

it('an address without a page is told with a way back', async () => {
  const page = await dashboard.page()
  const response = await page.goto(`${dashboard.url}/nothing/here`)
  expect(response?.status()).toBe(404)
  expect(await page.getByRole('link', { name: 'All transfers' }).getAttribute('href')).toBe('/')
})

it('on the narrowest phone nothing scrolls sideways, and every control is within reach', async () => {
  const page = await dashboard.page(NARROWEST)
  await page.goto(dashboard.url)
  await page.getByLabel('API key', { exact: true }).waitFor()
  await expectNoSidewaysScroll(page)
  await page.goto(`${dashboard.url}/#key=${dashboard.stack.apiKey}`)
  await page.reload()
  await rowOf(page, finalized).waitFor()
  await expectNoSidewaysScroll(page)
  await rowOf(page, finalized).click()
  await page.locator('.record[data-kind="finalized"] summary').click()
  await expectNoSidewaysScroll(page)
  await page.getByRole('button', { name: 'Verify' }).click()
  await page.locator('.verify-bar[data-outcome="verified"]').waitFor()
  await page.getByRole('button', { name: 'Details' }).click()
  await expectNoSidewaysScroll(page)
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Close transfer' }).click()
  await rowOf(page, finalized).waitFor()
})

it('the keyboard alone reaches list, transfer, cancel and sign out', async () => {
  const page = await dashboard.page()
  await page.goto(dashboard.url)
  await page.locator('#key:focus').waitFor()
  await page.keyboard.type(dashboard.stack.apiKey)
  await page.keyboard.press('Enter')
  await rowOf(page, held).waitFor()

  await tabTo(page, '.transfer-row')
  await page.keyboard.press('End')
  expect(await focused(page)).toBe(finalized)
  await page.keyboard.press('Home')
  expect(await focused(page)).toBe(held)
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('Enter')
  await page.locator('.record').first().waitFor()

  await tabTo(page, '.detail .button-danger')
  await page.keyboard.press('Enter')
  await page.getByRole('dialog').waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
  expect(await page.locator('.detail').isVisible()).toBe(true)

  await tabTo(page, '.record summary')
  await page.keyboard.press('Enter')
  await page.locator('.record details[open]').waitFor()

  await page.keyboard.press('Escape')
  await page.locator('.detail').waitFor({ state: 'detached' })
  expect(await focused(page)).toBe(held)

  await tabTo(page, '.header .button:last-child')
  await page.keyboard.press('Enter')
  await page.getByLabel('API key', { exact: true }).waitFor()
})

it.each(['light', 'dark'] as const)('every text can be read in %s', async (colorScheme) => {
  const page = await dashboard.page({ colorScheme, reducedMotion: 'reduce' })
  await page.goto(`${dashboard.url}/#key=wb_wrong`)
  await page.getByRole('alert').filter({ hasText: /\S/ }).waitFor()
  expect(await lowContrasts(page)).toEqual([])
  await page.goto(`${dashboard.url}/?transfer=${finalized}#key=${dashboard.stack.apiKey}`)
  await page.reload()
  await page.getByRole('button', { name: 'Verify' }).click()
  await page.locator('.verify-bar[data-outcome="verified"]').waitFor()
  await page.locator('.record summary').first().click()
  expect(await lowContrasts(page)).toEqual([])
  await rowOf(page, held).click()
  await page.getByRole('button', { name: 'Cancel transfer' }).click()
  expect(await lowContrasts(page)).toEqual([])
})

it('who asks for less motion gets none', async () => {
  const page = await dashboard.signedIn(`/?transfer=${finalized}`, { reducedMotion: 'reduce' })
  await page.locator('[data-live="live"]').waitFor()
  const moving = () => document.getAnimations().filter(({ playState }) => playState === 'running').length
  // Not waitForFunction: it evaluates text in the page, which the page's policy forbids.
  await expect.poll(() => page.evaluate(moving)).toBe(0)
})

it('a chosen theme outlives the page and wins over the system', async () => {
  const page = await dashboard.signedIn('/', { colorScheme: 'light' })
  const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor)
  const light = await ground()
  await page.getByRole('button', { name: /^Theme: as the system/ }).click()
  await page.getByRole('button', { name: /^Theme: light/ }).click()
  await page.getByRole('button', { name: /^Theme: dark/ }).waitFor()
  const dark = await ground()
  expect(dark).not.toBe(light)
  await page.reload()
  expect(await ground()).toBe(dark)
})

it('nothing moves while the page fills', async () => {
  const page = await dashboard.page({ viewport: { width: 1440, height: 900 } })
  await page.addInitScript(() => {
    let moved = 0
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        if ('value' in entry && typeof entry.value === 'number') moved += entry.value
      }
      document.documentElement.dataset.moved = String(moved)
    }).observe({ type: 'layout-shift', buffered: true })
  })
  await page.goto(`${dashboard.url}/?transfer=${finalized}#key=${dashboard.stack.apiKey}`)
  await page.locator('.record[data-kind="finalized"]').waitFor()
  await page.locator('.network-item code').first().waitFor()
  // Of the most that counts as good (0.1), a twentieth.
  expect(Number((await page.evaluate(() => document.documentElement.dataset.moved)) ?? 0)).toBeLessThan(0.005)
})

async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const beyond = await page.evaluate(() => {
    const { clientWidth } = document.documentElement
    const scope = document.querySelector('dialog[open]') ?? document.body
    return Array.from(scope.querySelectorAll('button, a, input, code, dd, h1, h2, p'))
      .filter(
        (element) => element.checkVisibility() && element.closest('.visually-hidden, .skip-links') === null,
      )
      .filter((element) => element.getBoundingClientRect().right > clientWidth + 0.5)
      .map((element) => element.outerHTML.slice(0, 120))
  })
  expect(beyond).toEqual([])
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320)
}

/** Presses Tab until there; fails where Tab never gets there. */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press('Tab')
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted), selector)) {
      const outline = await page.evaluate(
        () => getComputedStyle(document.activeElement ?? document.body).outlineStyle,
      )
      expect(outline, `${selector} shows that it has the focus`).toBe('solid')
      return
    }
  }
  throw new Error(`Tab does not reach ${selector}`)
}

/** The transfer whose row has the focus. */
function focused(page: Page): Promise<string | null> {
  return page.evaluate(() => document.activeElement?.getAttribute('data-transfer') ?? null)
}
