/** The whole product before every test of a suite, one browser for them all, and people who sign in. */
import type { Browser, BrowserContextOptions, LaunchOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'
import { launch, open } from './browser.ts'
import { type Product, startProduct } from './product.ts'

export const CUSTOMER = '+46701740612'
/** As the pages write it. */
export const SHOWN = '070-174 06 12'

export interface Stage {
  /** That of the test which runs now. */
  readonly product: Product
  readonly browser: Browser
  /** A page of somebody's own, signed in by one click, at the path. */
  signedIn(name: RegExp, path: string, options?: BrowserContextOptions): Promise<Page>
  /** An agent's desk, not logged on. */
  deskOf(name: RegExp, path?: string, options?: BrowserContextOptions): Promise<Page>
  /** An agent at the desk, ready. */
  onDuty(name: RegExp, options?: BrowserContextOptions): Promise<Page>
}

/** Not signed in yet, or refused as the test means it to be: Chromium complains of every such answer. */
const unexpected = (complaint: string): boolean => !/status of (401|409|422|429) /.test(complaint)

/** To be called where a suite begins. When a test is over no page of it may have complained. `args`: of the browser. */
export function onStage(args: LaunchOptions['args'] = []): Stage {
  let browser: Browser
  let product: Product
  const pages: Page[] = []
  const complaints: string[][] = []
  beforeAll(async () => {
    browser = await launch(args)
  })
  afterAll(() => browser.close())
  beforeEach(async () => {
    product = await startProduct()
  })
  afterEach(async () => {
    for (const page of pages.splice(0)) await page.context().close()
    await product.close()
    expect(complaints.splice(0).flat().filter(unexpected)).toEqual([])
  })
  const stage: Stage = {
    get product() {
      return product
    },
    get browser() {
      return browser
    },
    async signedIn(name, path, options = {}) {
      const opened = await open(browser, options)
      const { page } = opened
      pages.push(page)
      complaints.push(opened.complaints)
      await page.goto(`${product.address}${path}`)
      await page.getByRole('button', { name }).click()
      await page.getByRole('navigation').waitFor()
      return page
    },
    async deskOf(name, path = '/desk', options = {}) {
      const page = await stage.signedIn(name, path, options)
      await page.locator('.statebar').waitFor()
      return page
    },
    async onDuty(name, options = {}) {
      const page = await stage.deskOf(name, '/desk', options)
      await page.getByRole('button', { name: 'Log on' }).click()
      await page.getByText('Ready. The next call comes here by itself.').waitFor()
      return page
    },
  }
  return stage
}
