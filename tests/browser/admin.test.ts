/** The pages of administration and of one's own account, against messages written by hand: usable by everybody, and nothing done unasked. */
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { axeOn, hasChromium, launch, type Opened, open, sidewaysOn, whyNot } from './browser.ts'
import { type Fixture, startFixture } from './fixture.ts'

describe.skipIf(!hasChromium)(`administration${whyNot}`, () => {
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
    fixture.role = 'administrator'
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

  describe.each(['light', 'dark'] as const)('in %s', (colorScheme) => {
    it.each([
      ['/users', 'tbody tr'],
      ['/tokens', 'tbody tr'],
      ['/audit', 'tbody tr'],
      ['/account', 'ul.sessions li'],
    ])('axe finds nothing on %s', async (path, ready) => {
      await page.emulateMedia({ colorScheme })
      await go(path, ready)
      expect(await axeOn(page)).toEqual([])
    })
    it('nor in the dialogs, nor on the page of a first password', async () => {
      await page.emulateMedia({ colorScheme })
      await go('/users', 'tbody tr')
      await button('New user').click()
      await page.getByLabel('Role').selectOption('supervisor')
      await page.getByLabel('All of them').uncheck()
      expect(await axeOn(page)).toEqual([])
      await go('/tokens', 'tbody tr')
      await button('New token').click()
      expect(await axeOn(page)).toEqual([])
      fixture.mustChangePassword = true
      await go('/users', 'form')
      expect(await axeOn(page)).toEqual([])
    })
  })

  it.each(['agent', 'supervisor', 'campaignManager'] as const)('is not in the navigation of a %s, and its pages say so', async (role) => {
    fixture.role = role
    for (const path of ['/users', '/tokens', '/audit']) {
      await go(path, '.notice')
      expect(await page.getByRole('navigation').getByText('Administration').count()).toBe(0)
      expect(await page.locator('tbody tr').count()).toBe(0)
    }
  })

  it.each([
    [1280, 860],
    [390, 700],
  ])('shows all that can be done to the last user at %i', async (width, height) => {
    await page.setViewportSize({ width, height })
    await go('/users', 'tbody tr')
    await page.locator('tbody tr').last().getByRole('button', { name: /More/ }).click()
    const options = page.locator('.popup .options .btn')
    expect(await options.count()).toBeGreaterThan(2)
    // Nothing of them is cut off, and nothing lies over them.
    const isSeen = await page.evaluate(`[...document.querySelectorAll('.popup .options .btn')].every((one) => {
      const { left, right, top, bottom } = one.getBoundingClientRect()
      return [top + 2, bottom - 2].every((y) => one.contains(document.elementFromPoint((left + right) / 2, y)))
    })`)
    expect(isSeen).toBe(true)
    expect(await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')).toBe(0)
  })

  it.each(['/users', '/tokens', '/audit', '/persons'])('%s needs no more room than a phone has', async (path) => {
    await page.setViewportSize({ width: 390, height: 700 })
    await go(path, path === '/persons' ? 'form' : 'tbody tr')
    if (path === '/persons') {
      await page.locator('form input').fill('070-174 06 12')
      await button('Find').click()
      await button('Show the copy').click()
      await page.locator('#copy-title').waitFor()
    }
    expect(await sidewaysOn(page)).toEqual([])
    expect(await axeOn(page)).toEqual([])
  })

  it('makes a user, held to queues, and shows the temporary password once', async () => {
    await go('/users', 'tbody tr')
    await button('New user').click()
    await page.getByLabel('User name').fill('nora')
    await page.getByLabel('Name, as others see it').fill('Nora Nilsson')
    await page.getByLabel('Role').selectOption('supervisor')
    await page.getByLabel('All of them').uncheck()
    await page.getByLabel('Sales').check()
    await button('Make the account').click()
    await expect.poll(() => page.getByLabel('Temporary password').inputValue()).toBe('k3m9x-p2wz7-qa5ht-8ycfr-n4vbd')
    expect(fixture.asked).toContain('POST /users')
    await button('Close').click()
    expect(await page.getByText('k3m9x').count()).toBe(0)
    await page.getByText('Nora Nilsson has an account.').waitFor()
  })

  it('asks before it disables, signs out, or gives a password, and says what goes', async () => {
    await go('/users', 'tbody tr')
    for (const [deed, path] of [
      ['Disable', 'POST /users/anna/disable'],
      ['Sign out everywhere', 'POST /users/anna/sign-out'],
    ] as const) {
      await button('More Anna Lindqvist').click()
      await page.locator('.options').getByRole('button', { name: deed }).click()
      expect(fixture.asked).not.toContain(path)
      await page.getByRole('dialog').getByRole('button', { name: deed }).click()
      await expect.poll(() => fixture.asked).toContain(path)
      await page.getByRole('dialog').waitFor({ state: 'detached' })
    }
    const bo = page.locator('tbody tr', { hasText: 'Bo Sandström' })
    expect(await bo.textContent()).toContain('disabled')
    await bo.getByRole('button', { name: /^More/ }).click()
    expect(await page.locator('.options').textContent()).toContain('Enable')
  })

  it('makes a token that says what it may do, shows it once, and withdraws one after asking', async () => {
    await go('/tokens', 'tbody tr')
    await button('New token').click()
    await page.getByLabel('For which program').fill('Web form')
    await button('Make the token').click()
    await page.getByText('Say what it may do.').waitFor()
    await page.getByLabel('order callbacks').check()
    await button('Make the token').click()
    await expect.poll(() => page.getByRole('textbox', { name: 'The token' }).inputValue()).toMatch(/^samtal_/)
    await button('Close').click()
    expect(await page.locator('tbody tr', { hasText: 'Old dialler' }).getByRole('button').count()).toBe(0)
    await button('Withdraw Order form of the web site').click()
    expect(fixture.asked).not.toContain('DELETE /tokens/t1')
    await page.getByRole('dialog').getByRole('button', { name: 'Withdraw' }).click()
    await expect.poll(() => fixture.asked).toContain('DELETE /tokens/t1')
  })

  it('searches the log by what is clicked and what is filled in, in the address bar', async () => {
    await go('/audit', 'tbody tr')
    const row = (text: string) => page.locator('tbody tr', { hasText: text })
    expect(await row('Opened a call').textContent()).toMatch(/Lena Wikström.*192\.0\.2\.17.*Opened a call.*Call/)
    expect(await row('session.refused').textContent()).toContain('nobody who is signed in')
    await row('Opened a call').getByRole('button', { name: 'Lena Wikström' }).click()
    await page.waitForURL(/\?who=lena$/)
    await expect.poll(() => page.getByLabel('Who').inputValue()).toBe('lena')
    await page.getByLabel('Who').fill('')
    await page.getByLabel('Outcome').selectOption('refused')
    await button('Search').click()
    await page.waitForURL(/\?outcome=refused$/)
    await expect.poll(() => page.locator('tbody tr').count()).toBe(2)
  })

  it('changes one’s password, which must be typed twice alike, and signs out elsewhere', async () => {
    await go('/account', 'ul.sessions li')
    await page.getByLabel('The password you have').fill('the one that is')
    await page.getByLabel('The new one', { exact: true }).fill('a new long password')
    await page.getByLabel('The new one again').fill('another long one')
    await button('Change the password').click()
    await page.getByText('The two new ones differ.').waitFor()
    expect(fixture.asked).toEqual([])
    await page.getByLabel('The new one again').fill('a new long password')
    await button('Change the password').click()
    await page.getByText('The password is changed.').waitFor()
    await button('Sign out everywhere else').click()
    await page.getByText('1 session ended.').waitFor()
    expect(fixture.asked).toEqual(['PUT /session/password', 'DELETE /session/all'])
  })

  it('whose password was given by somebody else sees nothing before there is another', async () => {
    fixture.mustChangePassword = true
    await go('/archive', 'form')
    await page.getByRole('heading', { name: 'Choose a password of your own' }).waitFor()
    expect(await page.getByRole('navigation').count()).toBe(0)
  })
})
