/** The desk of a role that sees numbers masked, against messages written by hand: who was called is called again by the call. */
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasChromium, launch, open, whyNot } from './browser.ts'
import { startFixture } from './fixture.ts'
import { deskState } from './live-state.ts'

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
})
