// What every test of the page needs: the whole stack, a client that posts, and a browser with pages that complain.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import type { TransferRequestBody } from '../../src/shared/schema/transfer-request.ts'
import { Client, freshAddress } from '../support/client.ts'
import { type Stack, startStack, type TenantPlan } from '../support/stack.ts'
import { launchChromium } from './chromium.ts'
import { Wire } from './wire.ts'

/** A viewer too: a page must also be of use to somebody who may only look. */
const TENANT: TenantPlan = { id: 'dev', keys: ['admin', 'viewer'], signers: 2 }

export class DashboardStack {
  readonly stack: Stack
  readonly client: Client
  readonly wire: Wire
  /** The page's address, at the near end of the wire. */
  readonly url: string
  readonly #complaints: string[] = []
  readonly #browser: Browser
  readonly #stateDir: string
  readonly #contexts: BrowserContext[] = []

  private constructor(stack: Stack, browser: Browser, wire: Wire, url: string, stateDir: string) {
    this.stack = stack
    this.client = new Client(stack)
    this.#browser = browser
    this.wire = wire
    this.url = url
    this.#stateDir = stateDir
  }

  static async start(): Promise<DashboardStack> {
    const stateDir = mkdtempSync(join(tmpdir(), 'waybill-dashboard-'))
    const stack = await startStack({ stateDir, tenants: [TENANT] })
    const browser = await launchChromium()
    const wire = new Wire(stack.url)
    return new DashboardStack(stack, browser, wire, await wire.open(), stateDir)
  }

  async stop(): Promise<void> {
    await this.#browser.close()
    await this.wire.close()
    await this.stack.stop()
    rmSync(this.#stateDir, { recursive: true, force: true })
  }

  /** A page of a browser that has never been here. */
  async page(options: BrowserContextOptions = {}): Promise<Page> {
    const context = await this.#browser.newContext(options)
    this.#contexts.push(context)
    const page = await context.newPage()
    page.on('pageerror', (error) => this.#complaints.push(`error: ${error.message}`))
    page.on('console', (message) => {
      // A policy that was broken and a page that could not be drawn are told here, and only here.
      if (/Content Security Policy|could not be drawn/.test(message.text()))
        this.#complaints.push(message.text())
    })
    page.on('request', (request) => {
      if (!request.url().startsWith(this.url)) this.#complaints.push(`asks elsewhere: ${request.url()}`)
    })
    return page
  }

  /** Answers what the pages have complained of. */
  async closePages(): Promise<readonly string[]> {
    await Promise.all(this.#contexts.splice(0).map((context) => context.close()))
    return this.#complaints.splice(0)
  }

  /** Opened by the link that `npm start` prints. */
  async signedIn(path = '/', options: BrowserContextOptions = {}, key = this.stack.apiKey): Promise<Page> {
    const page = await this.page(options)
    await page.goto(`${this.url}${path}#key=${key}`)
    await page
      .locator('.transfer-row[href], .first-transfer, .list-foot')
      .first()
      .waitFor({ state: 'attached' })
      .catch(async (error: unknown) => {
        const shown = await page.locator('body').textContent()
        throw new Error(`${String(error)}\nThe page shows:\n${shown}\n${this.#complaints.join('\n')}`)
      })
    return page
  }

  request(name: string, more: Partial<TransferRequestBody> = {}): TransferRequestBody {
    const action = { type: 'native' as const, to: freshAddress(name), amount: '1000000000000000' }
    return { chain: this.stack.chain, from: this.stack.signers[0] ?? '', reference: name, action, ...more }
  }

  /** Answers its id. */
  async post(name: string, more: Partial<TransferRequestBody> = {}): Promise<string> {
    return (await this.client.post(name.replaceAll(' ', '-'), this.request(name, more))).id
  }

  /** One that stays where it can be canceled. */
  postHeld(name: string): Promise<string> {
    const tomorrow = new Date(Date.now() + 24 * 60 * 60 * 1_000).toISOString()
    return this.post(name, { not_before: tomorrow })
  }
}

export const rowOf = (page: Page, id: string) => page.locator(`.transfer-row[data-transfer="${id}"]`)

export const statusOf = (page: Page, scope: string, status: string) =>
  page.locator(`${scope} [data-status="${status}"]`)

/** The seqs that the page shows, in the order in which it shows them. */
export const shownSeqs = (page: Page) =>
  page.locator('.record').evaluateAll((items) => items.map((item) => Number(item.getAttribute('data-seq'))))
