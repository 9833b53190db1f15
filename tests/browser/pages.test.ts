/** The pages alone, against messages written by hand: what they show, how they are reached, and that everybody can use them. */
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { axeOn, focusedName, hasChromium, launch, type Opened, open, whyNot } from './browser.ts'
import { type Fixture, startFixture } from './fixture.ts'
import { liveState, matterOf, WAITING, waitingCall } from './live-state.ts'
import { allStories } from './stories.ts'

describe.skipIf(!hasChromium)(`the pages${whyNot}`, () => {
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
    opened = await open(browser)
    page = opened.page
  })
  afterEach(async () => {
    await page.context().close()
    await fixture.close()
  })
  const go = async (path: string, ready: string) => {
    await page.goto(`${fixture.address}${path}`)
    await page.locator(ready).first().waitFor()
  }

  describe.each(['light', 'dark'] as const)('in %s', (colorScheme) => {
    it.each([
      ['/archive', '[data-call]'],
      ['/archive/A2#e5', '.ev'],
      ['/archive/erased', '.ev'],
      ['/archive/waiting-callback', '.ev'],
      ['/archive/nobody', '.notice'],
      ['/archive?result=full', '.notice'],
      ['/live', '.tile'],
    ])('axe finds nothing on %s', async (path, ready) => {
      await page.emulateMedia({ colorScheme })
      await go(path, ready)
      expect(await axeOn(page)).toEqual([])
    })

    it('nor on the desk, ringing, talking and wrapping up, nor at the sign-in', async () => {
      await page.emulateMedia({ colorScheme })
      fixture.role = 'agent'
      await go('/desk', '.statebar')
      for (const phase of ['ringing', 'talking', 'wrapUp'] as const) {
        const [anna] = liveState().agents
        const state = { ringing: 'connecting', talking: 'connected', wrapUp: 'wrapUp' }[phase]
        const until = phase === 'wrapUp' ? new Date(Date.now() + 20_000).toISOString() : null
        fixture.say({ type: 'agent', agent: { ...anna, state, until, matter: matterOf(phase) } })
        await page
          .locator(`text=${{ ringing: 'Answer', talking: 'In conversation', wrapUp: 'Ready now' }[phase]}`)
          .first()
          .waitFor()
        expect(await axeOn(page)).toEqual([])
      }
      fixture.role = null
      await go('/', 'form')
      expect(await axeOn(page)).toEqual([])
    })

    it('nor on a phone', async () => {
      await page.emulateMedia({ colorScheme })
      await page.setViewportSize({ width: 390, height: 800 })
      await go('/archive', '.rowc')
      expect(await axeOn(page)).toEqual([])
      await go('/archive/A2', '.ev')
      expect(await axeOn(page)).toEqual([])
      expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(390)
    })

    it('nor in the dialogs and panels that open', async () => {
      await page.emulateMedia({ colorScheme })
      await go('/live', '.tile')
      await page.getByRole('button', { name: 'Delete 070-174 06 12' }).click()
      expect(await axeOn(page)).toEqual([])
      await go('/archive', '[data-call]')
      await page.getByRole('button', { name: /^Result/ }).click()
      expect(await axeOn(page)).toEqual([])
      await page.keyboard.press('Escape')
      await page.getByRole('button', { name: /Wait, speaktime/ }).click()
      expect(await axeOn(page)).toEqual([])
    })
  })

  it('is built to run under a policy without inline scripts, and complains of nothing', async () => {
    await go('/archive', '[data-call]')
    await page.locator('[data-call="A2"] a').click()
    await page.locator('.ev').first().waitFor()
    await page.getByRole('link', { name: 'Live' }).click()
    await page.locator('.tile').first().waitFor()
    expect(opened.complaints).toEqual([])
  })

  it('reaches every event of every story by keyboard, in order, and shows its card', async () => {
    for (const call of allStories) {
      await go(`/archive/${call.id}`, '.ev')
      const numbers = call.events.map((_, i) => String(i + 1))
      const seen: string[] = []
      for (const _ of call.events) {
        await page.keyboard.press('ArrowRight')
        seen.push((await focusedName(page)).split('.')[0] ?? '')
        await page.locator('.tip').waitFor()
      }
      expect([call.id, seen]).toEqual([call.id, numbers])
    }
  })

  it('reaches every event by Tab as well, and every fold', async () => {
    await go('/archive/A2', '.ev')
    await page.locator('.ev').first().focus()
    const reached = new Set<string>()
    for (let i = 0; i < 8; i += 1) {
      reached.add(await focusedName(page))
      await page.keyboard.press('Tab')
    }
    expect([...reached].filter((label) => /^\d\./.test(label))).toHaveLength(6)
    expect([...reached].filter((label) => label.startsWith('Unfold'))).toHaveLength(2)
  })

  it('names the chosen event in the address, and finds it again by that link', async () => {
    await go('/archive/A5', '.ev')
    await page.locator('.ev[data-kind="deleted"]').click()
    await expect.poll(() => page.url()).toContain('#e6')
    await go(page.url().replace(fixture.address, ''), '.ev')
    expect(await page.locator('.ev[aria-pressed="true"]').getAttribute('data-kind')).toBe('deleted')
    expect(await page.locator('tr.sel').getAttribute('data-kind')).toBe('deleted')
    await go('/archive/A5?event=e2', '.ev')
    expect(await page.locator('tr.sel').getAttribute('data-kind')).toBe('queue')
    await page.keyboard.press('Escape')
    await page.locator('.tip').waitFor({ state: 'detached' })
  })

  it('unfolds the wait that is pressed, zooms and moves by keys', async () => {
    await go('/archive/A2', '.foldg')
    expect(await page.locator('.foldg').count()).toBe(2)
    await page.locator('.foldg').first().press('Enter')
    expect(await page.locator('.foldg').count()).toBe(1)
    const width = () =>
      page
        .locator('.paper svg')
        .first()
        .evaluate((svg) => svg.getBoundingClientRect().width)
    const before = await width()
    await page.keyboard.press('+')
    await expect.poll(width).toBeGreaterThan(before * 1.5)
    const scrolled = () => page.locator('.paper').evaluate((paper) => paper.scrollLeft)
    const at = await scrolled()
    await page.keyboard.press('Shift+ArrowRight')
    await expect.poll(scrolled).toBeGreaterThan(at)
    await page.keyboard.press('0')
    await expect.poll(width).toBe(before)
  })

  it('says withheld, erased and learnt afterwards in words', async () => {
    await go('/archive/gone', '.ev')
    await page.getByRole('heading', { name: 'withheld' }).waitFor()
    expect(await page.locator('.story').innerText()).toContain('learnt afterwards, 09:46:12')
    await go('/archive/erased', '.ev')
    await page.getByText('Number erased: the person asked to be forgotten. The story is whole.').waitFor()
    await page.getByRole('link', { name: /070-174 06 12/ }).waitFor()
  })

  it('keeps filters in the address bar, finds by number, and goes through rows and calls by j and k', async () => {
    await go('/archive', '[data-call]')
    await page.getByRole('button', { name: /^Result/ }).click()
    await page.getByLabel('Deleted', { exact: true }).check()
    await expect.poll(() => page.url()).toContain('?result=deleted')
    await expect.poll(() => page.locator('[data-call]').count()).toBe(2)
    await page.keyboard.press('Escape')
    await page.keyboard.press('/')
    await page.keyboard.type('070-174 06 12')
    await page.keyboard.press('Enter')
    await expect.poll(() => page.locator('[data-call]').count()).toBe(1)
    expect(page.url()).toContain('number=070-174')
    await go('/archive?queue=sales', '[data-call]')
    await page.keyboard.press('j')
    await page.keyboard.press('j')
    await page.keyboard.press('Enter')
    await expect.poll(() => page.url()).toContain('/archive/A1')
    await page.keyboard.press('j')
    await expect.poll(() => page.url()).toContain('/archive/A2')
    await page.getByRole('link', { name: 'Results' }).click()
    await expect.poll(() => page.url()).toContain('/archive?queue=sales')
  })

  it('gives a key pressed before its page is there to that page', async () => {
    await go('/archive?queue=sales', '[data-call="A1"]')
    const ids = await page.locator('[data-call]').evaluateAll((rows) => rows.map((row) => row.getAttribute('data-call')))
    const [first, , third] = ids
    // In one breath: the address is not even changed when the keys are pressed.
    await page.evaluate(
      `document.querySelector('[data-call="${first}"] a').click();
       for (const key of ['j', 'j']) window.dispatchEvent(new KeyboardEvent('keydown', { key }))`,
    )
    await expect.poll(() => page.url()).toContain(`/archive/${third}`)
  })

  it('keeps an arrow pressed while the story is fetched', async () => {
    const [asked, fetched] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    await page.route('**/api/v1/calls/A2', async (route) => {
      asked.resolve()
      await fetched.promise
      await route.continue()
    })
    await page.goto(`${fixture.address}/archive/A2`)
    await asked.promise
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowRight')
    expect(await page.locator('.ev').count()).toBe(0)
    fetched.resolve()
    await expect.poll(() => page.url()).toContain('/archive/A2#e2')
  })

  it('pages by key, older and newer', async () => {
    fixture.calls = Array.from({ length: 120 }, (_, i) => ({ ...allStories[0], id: `c${i}` })) as typeof fixture.calls
    await go('/archive', '[data-call="c0"]')
    await page.getByRole('button', { name: 'Older' }).click()
    await page.locator('[data-call="c50"]').waitFor()
    await page.getByRole('button', { name: 'Older' }).click()
    await page.locator('[data-call="c100"]').waitFor()
    expect(await page.getByRole('button', { name: 'Older' }).count()).toBe(0)
    await page.getByRole('button', { name: 'Newer' }).click()
    await page.locator('[data-call="c50"]').waitFor()
  })

  it('moves a row and an open call when the story grows, and never back', async () => {
    const later = { ...waitingCall(), version: 5 }
    await go(`/archive/${WAITING}`, '.ev')
    expect(await page.locator('.ev').count()).toBe(4)
    const at = new Date().toISOString()
    const deleted = {
      id: 'e5',
      kind: 'deleted' as const,
      startedAt: at,
      endedAt: at,
      agents: [],
      by: 'supervisor' as const,
      byName: 'Petra Ek',
      reason: 'supervisor',
    }
    const events = [...later.events.map((event) => ({ ...event, endedAt: event.endedAt ?? at })), deleted]
    fixture.say({ type: 'call', call: { ...later, endedAt: at, result: 'deleted', events } })
    await page.locator('.ev[data-kind="deleted"]').waitFor()
    fixture.say({ type: 'call', call: { ...later, version: 4 } })
    fixture.say({ type: 'tick' })
    await page.locator('tr[data-kind="deleted"]').waitFor()
    expect(await page.locator('tr[data-kind="deleted"]').innerText()).toContain('by Petra Ek')
  })

  it('asks before it deletes, says what goes, sends the note, and keeps the row when told to', async () => {
    await go('/live', '.tile')
    const row = page.locator(`[data-entry="${WAITING}"]`)
    await row.getByRole('button', { name: /^Delete/ }).click()
    expect(await page.getByRole('dialog').innerText()).toContain('070-174 06 12 was promised a call back in Sales')
    await page.getByRole('button', { name: 'Keep it' }).click()
    expect(fixture.asked).toEqual([])
    await row.getByRole('button', { name: /^Delete/ }).click()
    await page.getByLabel('Why (kept with the call)').fill('ordered twice')
    await page.getByRole('button', { name: 'Delete the callback' }).click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await row.getByRole('button', { name: /^Call now/ }).click()
    await page.getByText('070-174 06 12 is first in line now.').waitFor()
    expect(fixture.asked).toEqual([
      `DELETE /callbacks/${WAITING}?reason=supervisor&note=ordered+twice`,
      `POST /callbacks/${WAITING}/call-now`,
    ])
  })

  it('shows a refusal where it was asked for', async () => {
    await go('/live', '.tile')
    fixture.fail = { path: /^\/callbacks/, status: 409 }
    await page
      .locator(`[data-entry="${WAITING}"]`)
      .getByRole('button', { name: /^Delete/ })
      .click()
    await page.getByRole('button', { name: 'Delete the callback' }).click()
    await page.getByRole('alert').filter({ hasText: 'Said so by the fixture' }).waitFor()
  })

  it('says whom to ask for behind a switchboard: to whoever rings, on Live, and with the call', async () => {
    await go('/archive/A7', '.ev')
    await page.getByText('Ask for Eva Ek', { exact: true }).waitFor()
    await go('/live', '.tile')
    expect(await page.locator('[data-entry="w3"]').innerText()).toContain('Ask for Eva Ek')
    fixture.role = 'agent'
    await go('/desk', '.statebar')
    const [anna] = liveState().agents
    fixture.say({ type: 'agent', agent: { ...anna, state: 'connecting', matter: matterOf('ringing') } })
    await page.getByText('Ask for extension 214', { exact: true }).waitFor()
  })

  it('calls a menu by its name, and Samtal’s own prompts in the reader’s words', async () => {
    await go('/archive/A1', '.ev')
    const told = await page.locator('.story').innerText()
    for (const word of ['Welcome', 'Callback: which number', 'Callback: read back']) expect(told).toContain(word)
    await page.getByRole('button', { name: /^1.* Menu \(Welcome\)/ }).waitFor()
  })

  it('gives the desk its buttons by state, and its shortcuts', async () => {
    fixture.role = 'agent'
    await go('/desk', '.statebar')
    const [anna] = liveState().agents
    fixture.say({ type: 'agent', agent: { ...anna, state: 'connecting', matter: matterOf('ringing') } })
    await page.getByRole('button', { name: 'Answer', exact: true }).waitFor()
    expect(await page.locator('.matter').innerText()).toContain('070-174 06 12')
    await page.keyboard.press('a')
    await expect.poll(() => fixture.asked).toEqual(['POST /calls/A1/answer'])
    fixture.say({
      type: 'agent',
      agent: { ...anna, state: 'wrapUp', until: new Date(Date.now() + 20_000).toISOString(), matter: matterOf('wrapUp') },
    })
    await page.getByRole('button', { name: 'Ready now' }).click()
    await page.keyboard.press('e')
    await page.getByRole('button', { name: 'Pause' }).click()
    await page.getByRole('button', { name: 'lunch' }).click()
    await expect
      .poll(() => fixture.asked.slice(1))
      .toEqual(['PUT /agents/anna/wrap-up', 'PUT /agents/anna/wrap-up', 'PUT /agents/anna/state'])
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Shortcuts' }).waitFor()
  })

  it('speaks Swedish when the browser does, changes at once, and remembers', async () => {
    const swedish = await open(browser, { locale: 'sv-SE' })
    await swedish.page.goto(`${fixture.address}/archive/A5`)
    await swedish.page.locator('.ev').first().waitFor()
    const text = await swedish.page.locator('.story').innerText()
    for (const word of ['Meny', 'Kö (återuppringning)', 'Borttagen', 'återuppringning beställd', 'av Petra Ek'])
      expect(text).toContain(word)
    await swedish.page.getByLabel('Språk').selectOption('en')
    await swedish.page.getByRole('heading', { name: 'What happened' }).waitFor()
    await swedish.page.reload()
    await swedish.page.getByRole('heading', { name: 'What happened' }).waitFor()
    await swedish.page.context().close()
  })

  it('is light or dark as the system, until told', async () => {
    await go('/archive', '[data-call]')
    const background = () => page.evaluate<string>('getComputedStyle(document.body).backgroundColor')
    expect(await background()).toBe('rgb(243, 245, 247)')
    await page.getByRole('button', { name: 'Dark colours' }).click()
    expect(await background()).toBe('rgb(13, 18, 23)')
    await page.reload()
    await page.getByRole('button', { name: 'Light colours' }).waitFor()
  })

  it('has only what the role may see in the navigation', async () => {
    await go('/archive', '[data-call]')
    expect(await page.getByRole('navigation').getByRole('link').allInnerTexts()).toEqual(['Archive', 'Live', 'Campaigns', 'Directory'])
    fixture.role = 'agent'
    await go('/archive', '[data-call]')
    expect(await page.getByRole('navigation').getByRole('link').allInnerTexts()).toEqual(['Archive', 'Desk', 'Directory'])
    await go('/live', '.notice')
    await page.getByText('Your account may not see this page.').waitFor()
  })

  it('has a sentence and a way on when nothing is found, when it fails, and when the connection is lost', async () => {
    await go('/archive?result=full', '.notice')
    await page.getByRole('button', { name: 'Clear the filters' }).click()
    await page.locator('[data-call]').first().waitFor()
    fixture.fail = { path: /^\/calls$/, status: 400 }
    let failures = 0
    page.on('response', (response) => {
      if (response.status() === 400) failures += 1
    })
    await go('/archive', '.notice')
    // The page's own question, and the one the stream's first picture makes it ask: after these nothing asks but the button.
    await expect.poll(() => failures).toBe(2)
    await page.getByRole('button', { name: 'Try again' }).waitFor()
    fixture.fail = null
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.locator('[data-call]').first().waitFor()
    await fixture.close()
    await page.getByText('The connection is lost. What you see may be old; trying again.').waitFor()
    fixture = await startFixture()
  })

  it('signs in by one click in the demonstration', async () => {
    fixture.role = null
    await go('/live', 'form')
    await page.getByRole('button', { name: /Petra Ek/ }).click()
    await page.locator('.tile').first().waitFor()
  })
})
