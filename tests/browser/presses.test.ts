/**
 * What is pressed fast, twice or out of order on a slow network: a thing is done once, the second click of a double click hits nothing
 * else, and an answer that comes late says nothing of what is on the page by then. Against messages written by hand, answers held back.
 */
import type { Browser, Locator, Page, Route } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { hasChromium, launch, type Opened, open, whyNot } from './browser.ts'
import { previewCard } from './campaign-state.ts'
import { type Fixture, startFixture } from './fixture.ts'
import { deskState, matterOf, WAITING } from './live-state.ts'

interface Held {
  /** The bodies of what was asked so far. */
  readonly asked: unknown[]
  /** Answers what was held longest. */
  readonly answer: (status: number, body?: unknown) => Promise<void>
}

describe.skipIf(!hasChromium)(`presses${whyNot}`, () => {
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
    expect(opened.complaints.filter((line) => !line.includes('status of 4'))).toEqual([])
    await page.context().close()
    await fixture.close()
  })
  const go = async (role: Fixture['role'], path: string, ready: string) => {
    fixture.role = role
    await page.goto(`${fixture.address}${path}`)
    await page.locator(ready).first().waitFor()
  }
  const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true })
  const inDialog = (name: string) => page.getByRole('dialog').getByRole('button', { name, exact: true })
  const refusal = (detail: string, code = 'fixture.said') => ({ type: 'about:blank', title: detail, status: 409, code, detail })
  /** Requests of this method are held back until they are answered here. */
  const hold = async (method: string, path: string): Promise<Held> => {
    const [asked, waiting]: [unknown[], Route[]] = [[], []]
    await page.route(path, async (route) => {
      if (route.request().method() !== method) return route.fallback()
      const body = route.request().postData()
      asked.push(body === null || body === '' ? null : JSON.parse(body))
      waiting.push(route)
    })
    return {
      asked,
      answer: async (status, body) => {
        await expect.poll(() => waiting.length).toBeGreaterThan(0)
        const answered = page.waitForResponse(path)
        await waiting.shift()?.fulfill({ status, ...(body === undefined ? {} : { json: body }) })
        await (await answered).finished()
      },
    }
  }
  /** Twice in a row, with the page drawn between. */
  const twice = async (one: Locator) => {
    await one.click()
    await one.click()
  }
  /** The second click of a double click where the first was, when `by` has come: what stands there now. */
  const doubleClick = async (first: Locator, by: Locator): Promise<void> => {
    const box = await first.boundingBox()
    if (box === null) throw new Error('nothing to click')
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
    await page.mouse.down()
    await page.mouse.up()
    await by.waitFor()
    const now = await by.boundingBox()
    if (now === null) throw new Error('nothing has come')
    await page.mouse.move(now.x + now.width / 2, now.y + now.height / 2)
    await page.mouse.down({ clickCount: 2 })
    await page.mouse.up({ clickCount: 2 })
  }
  const postsTo = (path: RegExp) => fixture.asked.filter((line) => path.test(line))

  describe('a thing is done once', () => {
    it('a token', async () => {
      await go('administrator', '/tokens', 'tbody tr')
      const made = await hold('POST', '**/tokens')
      await button('New token').click()
      await page.getByLabel('For which program').fill('Till')
      await page.getByLabel('read calls').check()
      await twice(button('Make the token'))
      await made.answer(201, { secret: 'samtal_first' })
      await page.getByText('The token Till is made.').first().waitFor()
      expect(made.asked).toHaveLength(1)
      expect(await page.locator('input.secret').inputValue()).toBe('samtal_first')
    })

    it('a temporary password, which is told also to whoever has closed the question', async () => {
      await go('administrator', '/users', 'tbody tr')
      const made = await hold('POST', '**/users/anna/password')
      await page.locator('tbody tr').first().getByRole('button', { name: /More/ }).click()
      await button('Temporary password').click()
      await twice(inDialog('Temporary password'))
      await inDialog('Cancel').click()
      await made.answer(200, { password: 'only-told-once' })
      await expect.poll(() => page.locator('input.secret').inputValue()).toBe('only-told-once')
      expect(made.asked).toHaveLength(1)
    })

    it('a number taken off the do-not-call list, a callback made now, an alarm seen to', async () => {
      await go('campaignManager', '/do-not-call', 'tbody tr')
      const lifted = await hold('DELETE', '**/do-not-call?**')
      await button('Take off the list').first().click()
      await twice(inDialog('Take off the list'))
      await lifted.answer(204)
      await go('supervisor', '/live', `[data-entry="${WAITING}"]`)
      const called = await hold('POST', '**/call-now')
      await twice(page.locator(`[data-entry="${WAITING}"]`).getByRole('button', { name: /Call now/ }))
      const seen = await hold('DELETE', '**/alarms/**')
      await twice(page.locator('.alarm .btn'))
      for (const one of [called, seen]) await one.answer(204)
      expect([lifted, called, seen].map(({ asked }) => asked.length)).toEqual([1, 1, 1])
    })

    it('on the desk an answer, a card, another time for a contact', async () => {
      fixture.live = deskState('connecting', matterOf('ringing'))
      await go('agent', '/desk', '.matter')
      const answered = await hold('POST', '**/calls/A1/answer')
      await twice(button('Answer'))
      await answered.answer(204)
      fixture.live = deskState('ready', null, { card: previewCard() })
      await go('agent', '/desk', '.preview')
      const rescheduled = await hold('POST', '**/reschedule')
      await button('Another time').click()
      await page.getByLabel('When, by the contact’s clock').fill('2026-12-01T10:00')
      await twice(button('Agree'))
      await rescheduled.answer(204)
      await button('Another time').waitFor()
      const called = await hold('POST', '**/offers/card-1/call')
      await page.keyboard.press('a')
      await page.keyboard.press('a')
      await called.answer(204)
      expect([answered, rescheduled, called].map(({ asked }) => asked.length)).toEqual([1, 1, 1])
    })
  })

  describe('the second click of a double click', () => {
    it('on Set free ends no conversation; nor is it asked about when it was cancelled meanwhile', async () => {
      await go('supervisor', '/live', '.ag')
      const asked: unknown[] = []
      await page.route('**/agents/anna/release', async (route) => {
        asked.push(route.request().postDataJSON())
        await route.fulfill({ status: 409, json: refusal('The agent talks', 'agent.talking') })
      })
      await button('Set free Anna Lindqvist').click()
      await doubleClick(inDialog('Set free'), inDialog('End the conversation'))
      expect(asked).toEqual([{ evenTalking: false }])
      await inDialog('End the conversation').click()
      await expect.poll(() => asked).toEqual([{ evenTalking: false }, { evenTalking: true }])
      await inDialog('Cancel').click()
      await page.unroute('**/agents/anna/release')
      const held = await hold('POST', '**/agents/anna/release')
      await button('Set free Anna Lindqvist').click()
      await inDialog('Set free').click()
      await inDialog('Cancel').click()
      await held.answer(409, refusal('The agent talks', 'agent.talking'))
      expect(await page.getByRole('dialog').count()).toBe(0)
    })

    it('on Answer hangs nothing up', async () => {
      fixture.live = deskState('connecting', matterOf('ringing'))
      await go('agent', '/desk', '.matter')
      await page.route('**/calls/A1/answer', async (route) => {
        await route.fulfill({ status: 204 })
        fixture.say({ type: 'snapshot', live: deskState('connected', matterOf('talking')) })
      })
      await doubleClick(button('Answer'), button('Hang up'))
      await page.keyboard.press('m')
      await expect.poll(() => postsTo(/./)).toEqual(['POST /calls/A1/mute'])
    })
  })

  describe('a late answer', () => {
    it('what an agent wants to be goes out in the order it was pressed in', async () => {
      fixture.live = deskState('ready', null)
      await go('agent', '/desk', '.statebar')
      const asked = await hold('PUT', '**/agents/anna/state')
      await button('Pause').click()
      await page.getByRole('button', { name: /lunch/i }).click()
      await button('Log off').click()
      // What was asked before this has gone out by the time it is answered.
      await page.evaluate(`fetch('/api/v1/session').then((answer) => answer.text())`)
      await expect.poll(() => asked.asked).toEqual([{ state: 'paused', reason: 'lunch' }])
      await asked.answer(204)
      await expect.poll(() => asked.asked).toEqual([{ state: 'paused', reason: 'lunch' }, { state: 'loggedOff' }])
      await asked.answer(204)
    })

    it('takes no refusal away that was of something pressed after it', async () => {
      fixture.live = deskState('connected', matterOf('talking'))
      await go('agent', '/desk', '.matter')
      const muted = await hold('POST', '**/calls/A1/mute')
      const onHold = await hold('POST', '**/calls/A1/hold')
      await page.keyboard.press('m')
      await page.keyboard.press('p')
      await onHold.answer(409, refusal('Nobody can be put on hold now'))
      await page.getByRole('alert').filter({ hasText: 'Nobody can be put on hold now' }).waitFor()
      await muted.answer(204)
      await page.evaluate('new Promise(requestAnimationFrame)')
      expect(await page.getByRole('alert').filter({ hasText: 'Nobody can be put on hold now' }).count()).toBe(1)
    })

    it('to a number that was called is not said of the next that is typed, and leaves it standing', async () => {
      fixture.live = deskState('ready', null)
      await go('agent', '/desk', '.outbound')
      const field = page.getByRole('textbox', { name: 'Number' })
      for (const [status, body] of [
        [409, refusal('That number is barred')],
        [201, { callId: 'dialled' }],
      ] as const) {
        const dialled = await hold('POST', '**/api/v1/calls')
        await field.fill('070-174 06 12')
        await button('Call').click()
        await expect.poll(() => dialled.asked).toHaveLength(1)
        await field.fill('070-174 06 34')
        await dialled.answer(status, body)
        await expect.poll(() => button('Call').isEnabled()).toBe(true)
        expect(await field.inputValue()).toBe('070-174 06 34')
        expect(await page.getByText('That number is barred').count()).toBe(0)
        await page.unroute('**/api/v1/calls')
      }
    })

    it('to a shorter name chooses nobody: Enter takes who was found for what is typed', async () => {
      fixture.live = deskState('ready', null)
      await page.route('**/api/v1/directory?**', async (route) => {
        const q = new URL(route.request().url()).searchParams.get('q')
        if (q === 'bo')
          await route.fulfill({ json: { items: [{ kind: 'agent', id: 'bo', name: 'Bo Ek', state: 'ready' }], contacts: 0, next: null } })
      })
      await go('agent', '/desk', '.outbound')
      const find = page.getByRole('combobox', { name: /Find|find/ })
      await find.fill('bo')
      await page.getByRole('option', { name: /Bo Ek/ }).waitFor()
      const next = page.waitForRequest(/directory\?q=bodil/)
      await find.pressSequentially('dil')
      await next
      await page.keyboard.press('Enter')
      expect(await page.locator('.picked').count()).toBe(0)
      await find.fill('bo')
      await page.getByRole('option', { name: /Bo Ek/ }).waitFor()
      await expect
        .poll(async () => {
          await page.keyboard.press('Enter')
          return page.locator('.picked').count()
        })
        .toBe(1)
    })

    it('does not empty the number typed after the one that was put on the do-not-call list', async () => {
      await go('campaignManager', '/do-not-call', 'form.add-number')
      const added = await hold('POST', '**/do-not-call')
      const field = page.locator('form.add-number input[type=tel]')
      await field.fill('070-174 06 12')
      await button('Add').click()
      await field.fill('070-174 06 34')
      await added.answer(204)
      await page.getByText('The number is on the list.').waitFor()
      expect(await field.inputValue()).toBe('070-174 06 34')
    })

    it('of a contact that was saved does not lead back from the one opened since', async () => {
      const contact = (id: string, name: string) => ({
        ...{ kind: 'contact', id, name, company: null, numbers: [{ number: '+46701740612', label: null }] },
        ...{ fields: {}, changedAt: '2026-11-20T10:00:00.000Z', revision: 1 },
      })
      const both = [contact('a', 'Asta Ek'), contact('b', 'Bodil Alm')]
      await page.route('**/api/v1/directory?**', (route) => route.fulfill({ json: { items: both, contacts: 2, next: null } }))
      for (const one of both) await page.route(`**/api/v1/contacts/${one.id}`, (route) => route.fulfill({ json: one }))
      await go('supervisor', '/directory?contact=a', 'button.found-row')
      const saved = await hold('PATCH', '**/api/v1/contacts/a')
      await button('Edit').click()
      await button('Save').click()
      await page.getByRole('button', { name: /Bodil Alm/ }).click()
      await page.getByRole('heading', { name: 'Bodil Alm' }).waitFor()
      await saved.answer(200, both[0])
      await page.evaluate('new Promise(requestAnimationFrame)')
      expect(new URL(page.url()).searchParams.get('contact')).toBe('b')
    })

    it('of a callback deleted closes no question about another', async () => {
      await go('supervisor', '/live', `[data-entry="${WAITING}"]`)
      const deleted = await hold('DELETE', '**/callbacks/**')
      const deletes = (entry: string) =>
        page
          .locator(`[data-entry="${entry}"]`)
          .getByRole('button', { name: /^Delete/ })
          .click()
      await deletes(WAITING)
      await inDialog('Delete the callback').click()
      await inDialog('Keep it').click()
      await deletes('w3')
      await deleted.answer(204)
      await page.evaluate('new Promise(requestAnimationFrame)')
      expect(await page.getByRole('dialog').count()).toBe(1)
    })

    it('of settings that were saved does not lead away from where one has gone since', async () => {
      await go('campaignManager', '/campaigns', 'tbody tr, .campaign')
      const link = page.locator('a[href^="/campaigns/"]:not([href$="new"]):not([href$="pace"])').first()
      const path = await link.getAttribute('href')
      await go('campaignManager', `${path}/settings`, '.settings-form')
      const saved = await hold('PUT', '**/api/v1/campaigns/**')
      await button('Save').click()
      await expect.poll(() => saved.asked).toHaveLength(1)
      await page.getByRole('link', { name: 'Directory' }).click()
      await page.getByRole('heading', { name: 'Directory' }).waitFor()
      const campaign = await page.evaluate<unknown>(`fetch('/api/v1${path}').then((answer) => answer.json())`)
      await saved.answer(200, campaign)
      await page.evaluate('new Promise(requestAnimationFrame)')
      expect(new URL(page.url()).pathname).toBe('/directory')
    })

    it('that one person is erased is not said of the next who is looked at', async () => {
      const found = (number: string) => ({
        ...{ number, name: null, calls: 3, open: 0, callbacks: 0, contacts: 0, listings: 0, directory: 0 },
        ...{ refused: null, refusedWhy: null },
      })
      const numbers = ['+46701740612', '+46701740634']
      let at = 0
      await page.route('**/persons/find', (route) => route.fulfill({ json: found(numbers[at++] ?? '') }))
      const erased = await hold('POST', '**/persons/erase')
      await go('administrator', '/persons', '.person-form')
      const find = async (number: string) => {
        await page.getByRole('searchbox').fill(number)
        await button('Find').click()
      }
      await find('070-174 06 12')
      await button('Erase …').click()
      await page.getByLabel('Write the number again').fill('070-174 06 12')
      await inDialog('Erase for good').click()
      await inDialog('Cancel').click()
      await find('070-174 06 34')
      await page.getByRole('heading', { name: '070-174 06 34' }).waitFor()
      await erased.answer(200, {
        ...{ status: 'erased', calls: 3, open: 0, withdrawn: 0, contacts: 0, listings: 0 },
        ...{ directoryRemoved: 0, directoryChanged: 0, notes: 0 },
      })
      await page.evaluate('new Promise(requestAnimationFrame)')
      expect(await page.getByRole('heading', { name: '070-174 06 34' }).count()).toBe(1)
    })
  })
})
