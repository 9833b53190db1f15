/** The pages of campaigns, against messages written by hand: usable by everybody, by keyboard, and nothing done without being asked for. */
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { axeOn, hasChromium, launch, type Opened, open, sidewaysOn, whyNot } from './browser.ts'
import { campaigns, contactOnDesk, previewCard } from './campaign-state.ts'
import { type Fixture, startFixture } from './fixture.ts'
import { deskState, matterOf } from './live-state.ts'

describe.skipIf(!hasChromium)(`campaigns${whyNot}`, () => {
  let browser: Browser
  let fixture: Fixture
  let opened: Opened
  let page: Page

  beforeAll(async () => {
    browser = await launch()
  })
  afterAll(() => browser.close())
  beforeEach(async () => {
    fixture = await startFixture()
    fixture.role = 'campaignManager'
    opened = await open(browser)
    page = opened.page
  })
  afterEach(async () => {
    expect(opened.complaints.filter((line) => !line.includes('status of 4'))).toEqual([])
    await page.context().close()
    await fixture.close()
  })
  const go = async (path: string, ready: string) => {
    await page.goto(`${fixture.address}${path}`)
    await page.locator(ready).first().waitFor()
  }
  const button = (name: string | RegExp) => page.getByRole('button', { name })
  const chooseFile = async () => {
    await go('/campaigns/renewals/import', 'input[type=file]')
    await page.locator('input[type=file]').setInputFiles({ name: 'list.csv', mimeType: 'text/csv', buffer: Buffer.from('Mobil;Namn\n') })
    await button('Next').click()
    await page.getByLabel('What Mobil is').waitFor()
  }

  describe.each(['light', 'dark'] as const)('in %s', (colorScheme) => {
    it.each([
      ['/campaigns', 'tbody tr'],
      ['/campaigns/renewals', '.chart rect.bar-calls'],
      ['/campaigns/winback', '.chart rect.bar-calls'],
      ['/campaigns/renewals/settings', 'fieldset'],
      ['/campaigns/new', 'fieldset'],
      ['/campaigns/renewals/contacts', 'tbody tr'],
      ['/campaigns/renewals/import', 'input[type=file]'],
      ['/campaigns/nobody', '.notice'],
      ['/campaigns/pace', 'form'],
      ['/do-not-call', 'tbody tr'],
    ])('axe finds nothing on %s', async (path, ready) => {
      await page.emulateMedia({ colorScheme })
      await go(path, ready)
      expect(await axeOn(page)).toEqual([])
    })

    it('nor in the steps of an import, nor on the card and the contact at a desk', async () => {
      await page.emulateMedia({ colorScheme })
      await chooseFile()
      expect(await axeOn(page)).toEqual([])
      await button('Try it').click()
      await page.locator('.reasons tbody tr').first().waitFor()
      expect(await axeOn(page)).toEqual([])
      fixture.role = 'agent'
      fixture.live = deskState('ready', null, { card: previewCard() })
      await go('/desk', '.preview')
      expect(await axeOn(page)).toEqual([])
      fixture.live = deskState('connected', { ...matterOf('talking'), kind: 'dialler', contact: contactOnDesk() })
      await go('/desk', '.topics')
      expect(await axeOn(page)).toEqual([])
    })
  })

  it('two topics of a contact pressed one after the other: the second goes out with the first, and after it', async () => {
    const asked: unknown[] = []
    let letGo = (): void => undefined
    const held = new Promise<void>((resolve) => {
      letGo = resolve
    })
    await page.route('**/topics', async (route) => {
      asked.push(route.request().postDataJSON())
      await held
      await route.fulfill({ status: 204 })
    })
    fixture.role = 'agent'
    fixture.live = deskState('connected', { ...matterOf('talking'), kind: 'dialler', contact: contactOnDesk() })
    await go('/desk', '.topics')
    await button('Wants to think').click()
    await button('Has left').click()
    expect(asked).toEqual([{ topics: ['Renewed', 'Wants to think'] }])
    for (const topic of ['Renewed', 'Wants to think', 'Has left']) expect(await button(topic).getAttribute('aria-pressed')).toBe('true')
    letGo()
    await expect
      .poll(() => asked)
      .toEqual([{ topics: ['Renewed', 'Wants to think'] }, { topics: ['Renewed', 'Wants to think', 'Has left'] }])
    expect(await page.getByRole('alert').count()).toBe(0)
  })

  it('an agent has no campaigns in the navigation, and is told that the page is not for him', async () => {
    fixture.role = 'agent'
    await go('/campaigns', '.notice')
    expect(await page.getByRole('navigation').getByText('Campaigns').count()).toBe(0)
    expect(await page.locator('tbody tr').count()).toBe(0)
  })

  it('a supervisor looks, and is offered nothing that changes a campaign', async () => {
    fixture.role = 'supervisor'
    await go('/campaigns/renewals', '.chart rect.bar-calls')
    for (const name of ['Pause', 'Stop', 'Settings', 'Import contacts']) expect(await page.getByText(name, { exact: true }).count()).toBe(0)
    await go('/do-not-call', 'tbody tr')
    expect(await button('Take off the list').count()).toBe(0)
  })

  it('says why one does not dial, and that another is over its limit, in words', async () => {
    await go('/campaigns', 'tbody tr')
    const row = (name: string) => page.locator('tbody tr', { hasText: name })
    expect(await row('Evening list').textContent()).toContain('Outside the contacts’ calling hours. Until')
    expect(await row('Win-back').textContent()).toContain('3.3% of at most 3%')
    expect(await row('Win-back').locator('.badge.del').count()).toBe(1)
  })

  it('says nothing of silent calls where an agent is there first', async () => {
    await go('/campaigns/survey', '.chart rect.bar-calls')
    expect(await page.getByRole('heading', { name: 'Silent calls today' }).count()).toBe(0)
    await go('/campaigns/renewals', '.chart rect.bar-calls')
    expect(await page.getByRole('heading', { name: 'Silent calls today' }).count()).toBe(1)
  })

  it('tells what the agents’ time went to, how it went over time, and how each try was answered', async () => {
    await go('/campaigns/renewals', '.chart rect.bar-calls')
    const card = (title: string) => page.locator('.card', { has: page.getByRole('heading', { name: title, exact: true }) })
    const said = async (title: string) => (await card(title).textContent()) ?? ''
    expect(await page.locator('.kpi').textContent()).toMatch(/Talking82%.*Idle between calls0:19mean; median 0:14/)
    expect(await said('The agents’ time today')).toMatch(/Talking27:12 h78\.6%.*Wrap-up3:30 h.*Idle2:18 h/)
    expect(await said('The agents’ time today')).toContain('Held back by the limit of silent calls7 min')
    expect(await said('Tries')).toMatch(/Try 134%3,480\. 1,183 answered, 2,297 not/)
    expect(await said('Calls today')).toMatch(/No answer653.*Busy96.*Rejected18.*Not in use31/)
    // Held for seven minutes, drawn and said; and the stair ends at eleven under thirteen.
    expect(await card('Pace').locator('svg .held').count()).toBe(1)
    expect(await said('Pace')).toContain('budget low, one call per ready agent for 7 min')
    await page.getByRole('img', { name: '11 silent calls today; the budget allows 13 at 437 answered' }).waitFor()
    // Made narrow while it is looked at, it fits again.
    const wide = page.viewportSize() ?? { width: 1366, height: 860 }
    await page.setViewportSize({ width: 390, height: 860 })
    await expect.poll(() => page.evaluate('document.documentElement.scrollWidth')).toBe(390)
    await page.setViewportSize(wide)
    await page.getByRole('button', { name: '15 min' }).click()
    await expect.poll(() => card('Pace').locator('svg .held').count()).toBe(0)
    expect(await page.getByRole('button', { name: '15 min' }).getAttribute('aria-pressed')).toBe('true')
    await go('/campaigns/survey', '.chart rect.bar-calls')
    expect(await said('The agents’ time today')).toContain('A card waited for an agent, mean48 s')
  })

  it('shows the week by days, each against its own limit, and keeps all of them in a file', async () => {
    await go('/campaigns/renewals', '#days-title')
    const days = page.locator('section', { has: page.locator('#days-title') })
    await days.locator('tbody tr').first().waitFor()
    const rows = await days.locator('tbody tr').allInnerTexts()
    expect(rows).toHaveLength(7)
    expect(rows[0]).toMatch(/1,284\s+437\s+426\s+653\s+96\s+6\s+2\.5%\s+3%/)
    expect(await days.locator('tbody .badge.del').count()).toBe(1)
    const saved = page.waitForEvent('download')
    await button('All days as CSV').click()
    expect((await saved).suggestedFilename()).toBe('renewals-days.csv')
    await go('/campaigns/survey', '#days-title')
    await days.locator('tbody tr').first().waitFor()
    expect(await days.textContent()).not.toContain('Silent calls')
  })

  it('moves as the stream tells, without a reload', async () => {
    await go('/campaigns/renewals', '.chart rect.bar-calls')
    const [first] = campaigns()
    if (first === undefined) throw new Error('the fixture has campaigns')
    fixture.say({ type: 'campaign', campaign: { ...first, live: { ...first.live, state: 'paused', why: 'notRunning', inTheAir: 7 } } })
    await page.getByText('Not running.').waitFor()
    await button('Start').waitFor()
    expect(await page.locator('.kpi').textContent()).toContain('7')
  })

  it('is paused and started by keyboard', async () => {
    await go('/campaigns/renewals', '.chart rect.bar-calls')
    await button('Pause').focus()
    await page.keyboard.press('Enter')
    await expect.poll(() => fixture.asked).toContain('POST /campaigns/renewals/pause')
  })

  it('settings that cannot be read are not sent; more attempts ask first, with the count', async () => {
    await go('/campaigns/renewals/settings', 'fieldset')
    await page.getByRole('textbox', { name: 'Mon' }).fill('mornings')
    await button('Save').click()
    await page.getByText('Something typed cannot be read').waitFor()
    expect(fixture.asked).toEqual([])
    await page.getByRole('textbox', { name: 'Mon' }).fill('9-12')
    await page.getByLabel('Attempts a contact may use up').fill('6')
    await button('Save').click()
    await page.getByText('190 contacts were finished for want of attempts. With 6 they can be called again.').waitFor()
    expect(fixture.asked).toEqual([])
    await button('Save, leave them').click()
    await expect.poll(() => fixture.asked).toEqual(['PUT /campaigns/renewals?revive=false'])
  })

  it('what the server refuses of the settings is said, and nothing typed is lost', async () => {
    await go('/campaigns/renewals/settings', 'fieldset')
    await page.getByLabel('Name', { exact: true }).fill('Winter renewals')
    fixture.fail = { path: /^\/campaigns\/renewals$/, status: 422 }
    await button('Save').click()
    await page.getByText('Said so by the fixture').waitFor()
    expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('Winter renewals')
  })

  it('a file is read in four steps, and nothing is added before it is said so', async () => {
    await chooseFile()
    await page.getByLabel('What Ort is').selectOption('name')
    await page.getByText('Two columns cannot both be “Name”.').waitFor()
    expect(await button('Try it').isDisabled()).toBe(true)
    await page.getByLabel('What Ort is').selectOption('skip')
    await button('Try it').click()
    await page.locator('.reasons tbody tr').first().waitFor()
    expect(fixture.asked.map((line) => line.split('?')[0])).toEqual([
      'POST /campaigns/renewals/imports/look',
      'POST /campaigns/renewals/imports',
    ])
    const query = new URLSearchParams(fixture.asked[1]?.split('?')[1])
    expect(Object.fromEntries(query)).toMatchObject({ phone: 'Mobil', name: 'Namn', skip: '["Ort"]', how: 'add', fileName: 'list.csv' })
    expect(await page.locator('.reasons').textContent()).toContain('an emergency number, never called')
    await button('Add 11,655 contacts').click()
    await expect.poll(() => fixture.asked.at(-1)).toBe('POST /campaigns/renewals/imports/i1/confirm')
    await page.locator('h1', { hasText: 'Contacts' }).waitFor()
  })

  it.each(['/campaigns', '/campaigns/renewals/contacts', '/do-not-call'])('%s needs no more room than a phone has', async (path) => {
    await page.setViewportSize({ width: 390, height: 700 })
    await go(path, 'tbody tr')
    expect(await sidewaysOn(page)).toEqual([])
    expect(await axeOn(page)).toEqual([])
  })

  it('the do-not-call list says what stands there of who is erased', async () => {
    await page.setViewportSize({ width: 390, height: 700 })
    await go('/do-not-call', 'tbody tr')
    const rows = page.locator('tbody tr')
    for (let at = 0; at < (await rows.count()); at++) expect(await rows.nth(at).getByRole('button').isVisible()).toBe(true)
    await page.getByText('An erased number is kept nowhere').waitFor()
    expect(await axeOn(page)).toEqual([])
  })

  it('a number is put on the do-not-call list, and taken off only after a question', async () => {
    await go('/do-not-call', 'tbody tr')
    await page.getByLabel('Number, written any way').fill('070-174 06 12')
    await button('Add').click()
    await page.getByText('The number is on the list.').waitFor()
    expect(fixture.asked).toEqual(['POST /do-not-call'])
    await button('Take off the list').first().click()
    await page.getByText('May 070-174 06 01 be called again?').waitFor()
    expect(fixture.asked).toHaveLength(1)
    await page.getByRole('dialog').getByRole('button', { name: 'Take off the list' }).click()
    await expect.poll(() => fixture.asked.at(-1)).toBe('DELETE /do-not-call?id=row-1')
  })

  it('whoever is erased is taken off the do-not-call list by who was told the number', async () => {
    await go('/do-not-call', 'tbody tr')
    await button('Take off the list').last().click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('Whose number was it?').waitFor()
    expect(await axeOn(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Take off the list' }).click()
    expect(fixture.asked).toEqual([])
    await dialog.getByLabel('Number, written any way').fill('070-174 06 03')
    await dialog.getByRole('button', { name: 'Take off the list' }).click()
    await expect.poll(() => fixture.asked.at(-1)).toBe('DELETE /do-not-call?number=070-174+06+03')
  })

  it('a card on the desk is called, rejected, put off and ended by keyboard', async () => {
    fixture.role = 'agent'
    fixture.live = deskState('ready', null, { card: previewCard() })
    await go('/desk', '.preview')
    expect(await page.locator('.preview').textContent()).toContain('attempt 2 of 4')
    await page.keyboard.press('a')
    await expect.poll(() => fixture.asked).toEqual(['POST /offers/card-1/call'])
    await page.keyboard.press('r')
    await expect.poll(() => fixture.asked.at(-1)).toBe('POST /offers/card-1/reject')
    await button('Another time').focus()
    await page.keyboard.press('Enter')
    await page.getByLabel('When, by the contact’s clock').fill('2027-03-28T02:30')
    await button('Agree').click()
    await expect.poll(() => fixture.asked.at(-1)).toBe('POST /offers/card-1/reschedule')
    await button('Never call again').click()
    await expect.poll(() => fixture.asked.at(-1)).toBe('POST /offers/card-1/cancel')
  })

  it('a card on a desk as narrow as a phone stands before all else, and nothing scrolls sideways', async () => {
    fixture.role = 'agent'
    fixture.live = deskState('ready', null, { card: previewCard() })
    await page.setViewportSize({ width: 390, height: 860 })
    await go('/desk', '.preview')
    await page.locator('table.others tr').first().waitFor()
    expect(await sidewaysOn(page)).toEqual([])
    const top = async (of: string) => (await page.locator(of).boundingBox())?.y ?? 0
    expect(await top('.preview')).toBeLessThan(await top('.outbound'))
    expect(await button(/^Call/).first().isVisible()).toBe(true)
    expect(await axeOn(page)).toEqual([])
  })

  it('a pause asked for while a campaign counts on the agent counts down, and pressed again takes effect at once', async () => {
    fixture.role = 'agent'
    const effectAt = new Date(Date.now() + 20_000).toISOString()
    fixture.live = deskState('ready', null, { wish: { state: 'paused', reason: 'lunch', effectAt } })
    await go('/desk', '.statebar')
    await page
      .getByRole('timer')
      .getByText(/in 0:\d\d at the latest/)
      .waitFor()
    await button('At once').click()
    await expect.poll(() => fixture.asked).toEqual(['PUT /agents/anna/state'])
  })
})
