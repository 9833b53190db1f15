/** Numbers masked for a role, as its pages show them: who was called is called again by the call, and no page goes on showing more. */
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasChromium, launch, open, whyNot } from './browser.ts'
import { startFixture } from './fixture.ts'
import { deskState } from './live-state.ts'
import { LINE, startProduct } from './product.ts'

describe.skipIf(!hasChromium)(`numbers that are masked${whyNot}`, () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launch()
  })
  afterAll(() => browser.close())

  it('a recent call is made again in one press, and its number never stands in the field', async () => {
    const fixture = await startFixture()
    fixture.role = 'agent'
    fixture.live = deskState('paused', null)
    const [call] = fixture.calls.filter(({ direction }) => direction === 'outbound')
    if (call === undefined) throw new Error('no outbound call among the examples')
    fixture.calls = [{ ...call, to: '+46•••••••12', callerNumber: '+46•••••••12' }]
    const { page, complaints } = await open(browser)
    await page.goto(`${fixture.address}/desk`)
    const row = page.locator('.recent-row')
    await row.waitFor()
    expect(await row.getAttribute('title')).toMatch(/^Call .* again$/)
    const [asked] = await Promise.all([
      page.waitForRequest((request) => request.method() === 'POST' && request.url().endsWith('/calls')),
      row.click(),
    ])
    expect(asked.postDataJSON()).toMatchObject({ to: `call:${call.id}` })
    expect(await page.getByRole('textbox', { name: 'Number' }).inputValue()).toBe('')
    expect(complaints).toEqual([])
    await page.context().close()
    await fixture.close()
  })

  it('pages that are open when a role is masked show no whole number any more; a desk says at once that it cannot call 112', async () => {
    const product = await startProduct()
    product.network.call('+46701740612', LINE)
    const { page: archive } = await open(browser)
    const pageOf = async (page: Page, address: string, ready: string): Promise<Page> => {
      await page.goto(`${product.address}${address}`)
      await page.locator(ready).first().waitFor()
      return page
    }
    await archive.goto(product.address)
    await archive.getByRole('button', { name: /Petra/ }).click()
    await archive.getByRole('navigation').waitFor()
    const context = archive.context()
    await pageOf(archive, '/archive', 'tbody tr')
    const href = await archive.locator('tbody a').first().getAttribute('href')
    const call = await pageOf(await context.newPage(), href ?? 'no call in the archive', 'h1')
    const pages = [archive, call]
    const text = (page: Page) => page.locator('main').innerText()
    const { page: desk } = await open(browser)
    await desk.goto(product.address)
    await desk.getByRole('button', { name: /Anna/ }).click()
    await desk.locator('.statebar').waitFor()
    expect(await desk.getByText('This phone cannot call 112').count()).toBe(0)
    for (const page of pages) await expect.poll(() => text(page)).toContain('070-174 06 12')

    await product.take({ maskedFor: ['supervisor'], outbound: { ringSeconds: 15, emergencyCalls: 'off' } })
    for (const page of pages) {
      await expect.poll(() => text(page)).toContain('•12')
      expect(await text(page)).not.toMatch(/174 ?06/)
      expect(await page.content()).not.toMatch(/70[- ]?174 ?06/)
    }
    await desk.getByText('This phone cannot call 112').waitFor()
    // What is opened next is fetched anew, and not shown from before for a moment.
    await call.getByRole('link', { name: 'Archive' }).click()
    await call.locator('tbody tr').first().waitFor()
    expect(await call.content()).not.toMatch(/70[- ]?174 ?06/)
    await context.close()
    await desk.context().close()
    await product.close()
  })
})
