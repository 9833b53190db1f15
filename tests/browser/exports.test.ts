/** What is taken away as a file: kept where there is one, and a refusal is told in its sentence and never kept as if it were the file. */
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { hasChromium, launch, open, whyNot } from './browser.ts'
import { type Fixture, startFixture } from './fixture.ts'

describe.skipIf(!hasChromium)(`exports${whyNot}`, () => {
  let browser: Browser
  let fixture: Fixture
  let page: Page
  beforeAll(async () => {
    browser = await launch()
  })
  afterAll(() => browser.close())
  beforeEach(async () => {
    fixture = await startFixture()
    fixture.role = 'administrator'
    page = (await open(browser)).page
  })
  afterEach(async () => {
    await page.context().close()
    await fixture.close()
  })

  it.each([
    ['/archive', '[data-call]', /^\/calls$/, /^samtal-.*\.csv$/],
    ['/audit', 'tbody tr', /^\/audit$/, /^audit\.csv$/],
  ])('of %s', async (path, ready, asked, name) => {
    const files: string[] = []
    page.on('download', (file) => files.push(file.suggestedFilename()))
    await page.goto(`${fixture.address}${path}`)
    await page.locator(ready).first().waitFor()
    const take = async () => {
      await page.getByRole('button', { name: 'Export' }).click()
      await page.locator('.popup').getByRole('button', { name: /CSV/ }).click()
    }
    fixture.fail = { path: asked, status: 503 }
    await take()
    await page.getByText('Said so by the fixture').waitFor()
    expect(files).toEqual([])
    fixture.fail = null
    await page.keyboard.press('Escape')
    const [file] = await Promise.all([page.waitForEvent('download'), take()])
    expect(file.suggestedFilename()).toMatch(name)
  })
})
